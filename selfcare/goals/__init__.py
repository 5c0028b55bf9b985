"""Goals: what the patient wants, the plan of a week, its days, confidence, reviews, and what is agreed with the team.

=====================  ===========================================================================================
``service``            the goal itself; ``goals_this_week`` for Today and the list
``plans`` ``days``     the plan of one week; what became of each day
``confidence``         the ruler's answers, kept for ever; the rule below 7
``problem_solving``    barriers, and the seven steps
``weekly_review``      when a review is due; repeat, change or finish
``consultation``       goals agreed in a visit; ``follow_up`` when and how to look again
``worklist``           the team's follow-ups; ``answers`` what is said at one, by either side
``looking_back``       goals that nobody has looked back on: item 1 of the next agenda
``thread``             the story of a goal; ``team_notes`` what the team notes for itself; ``around`` whom to ask for topics
``summary`` ``panel``  what the care team's pages show; ``reminding`` what reminders ask
=====================  ===========================================================================================
"""
