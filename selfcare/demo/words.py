"""Names and sentences of the demonstration, all invented."""

from __future__ import annotations

# name, pronoun, languages, interpreter
NAMES = (
    ("Fadumo Warsame", "she", ["so", "en"], "Somali"),
    ("Joan Petersen", "she", ["en"], None),
    ("Luis Ortega", "he", ["es", "en"], None),
    ("Daniel Brook", "he", ["en"], None),
    ("Shirin Begum", "she", ["bn", "en"], "Bengali (Sylheti)"),
    ("Colin Ashby", "he", ["en"], None),
    ("Nadia Haddad", "she", ["ar", "en"], None),
    ("Ruth Okafor", "she", ["en"], None),
    ("Mehmet Yıldız", "he", ["tr"], "Turkish"),
    ("Agnieszka Nowak", "she", ["pl", "en"], None),
    ("Desmond Clarke", "he", ["en"], None),
    ("Rosa Fernandes", "she", ["pt", "en"], None),
    ("Hassan Abdi", "he", ["so"], "Somali"),
    ("Margaret Doyle", "she", ["en"], None),
    ("Zeynep Aydın", "she", ["tr", "en"], None),
    ("Winston Grant", "he", ["en"], None),
    ("Carmen Ruiz", "she", ["es"], "Spanish"),
    ("Abdul Karim", "he", ["bn"], "Bengali (Sylheti)"),
    ("Siobhán Walsh", "she", ["en"], None),
    ("Jean-Pierre Mbala", "he", ["fr", "en"], None),
    ("Olive Bennett", "she", ["en"], None),
    ("Rojda Demir", "she", ["ku", "tr"], "Kurdish (Kurmanji)"),
    ("Patrick Nolan", "he", ["en"], None),
    ("Yasmin Choudhury", "she", ["bn", "en"], None),
    ("Gerald Hughes", "he", ["en"], None),
    ("Amina Yusuf", "she", ["so", "en"], None),
    ("Tomasz Zieliński", "he", ["pl"], "Polish"),
    ("Beatrice Quaye", "she", ["en"], None),
    ("Kemal Arslan", "he", ["tr", "en"], None),
    ("Dorothy Simms", "she", ["en"], None),
    ("Miguel Santos", "he", ["pt", "en"], None),
    ("Halima Noor", "she", ["so"], "Somali"),
    ("Leonard Fisk", "he", ["en"], None),
    ("Fatma Şahin", "she", ["tr"], "Turkish"),
    ("Gloria Mendes", "she", ["pt"], "Portuguese"),
    ("Ronald Pike", "he", ["en"], None),
    ("Nasreen Akhtar", "she", ["bn", "en"], None),
    ("Evelyn Marsh", "she", ["en"], None),
)

# condition → (what, how much, when, statement)
GOALS = {
    "type_2_diabetes": (
        ("Walk", "15 minutes", "after lunch", "I want to have the energy to play with my grandson"),
        ("Swap my fizzy drink for water", "1 glass", "at lunch", "I want my blood sugar to be steadier"),
        ("Check my feet", "1 time", "before bed", "I want to keep my feet healthy"),
    ),
    "msk_pain": (
        ("Stretch my back", "10 minutes", "before bed", "I want to sleep without waking from my back"),
        ("Rest and move by turns in the garden", "20 minutes", "in the morning", "I want my garden back"),
        ("Swim", "20 minutes", "in the afternoon", "I want to move without being afraid of the pain"),
    ),
    "copd": (
        ("Walk to the end of the road", "1 time", "in the morning", "I want to get to the shop by myself"),
        ("Do my breathing exercise", "10 minutes", "after breakfast", "I want to climb my stairs in one go"),
    ),
    "asthma": (
        ("Use my brown inhaler", "2 puffs", "when I brush my teeth", "I want to sleep through the night"),
        ("Cycle to work", "25 minutes", "before work", "I want to be fit for the summer"),
    ),
    "depression": (
        ("Go outside", "10 minutes", "before midday", "I want to feel like myself again"),
        ("Call a friend", "1 call", "in the evening", "I do not want to be so alone"),
    ),
}

WHY_NOT_LOWER = (
    "The path by the canal is flat, and I like being outside",
    "I have done it before, when my sister came along",
    "My neighbour wants to come with me",
    "It is only a few minutes",
    "I put it in my phone",
)
HELPS = (
    "Somebody to go with",
    "If it did not rain so much",
    "A reminder after lunch",
    "Less pain in the morning",
)
BARRIERS = (
    "When my knee is bad I stay in",
    "I am too tired after work",
    "I forget when my grandson is here",
    "When it rains I do not go",
)
PLANS = (
    "Do half of it",
    "Walk inside the shopping centre",
    "Ask my daughter to call me",
    "Do it before work",
)
WENT_WELL = ("I felt proud on Thursday", "My neighbour came along", "The mornings were easier than I thought")
NOTES = (
    "Shaky before lunch",
    "Slept badly, the neighbours were loud",
    "A good day. We had visitors",
    "Knee swollen after the bus",
    "Bit worried about the results",
    "Walked further than last week",
)
TOPICS = {
    "type_2_diabetes": (
        "I get shaky before lunch if I walk. Should I eat first?",
        "My feet tingle at night.",
    ),
    "msk_pain": (
        "My knee wakes me up at night. Is it the arthritis or my weight?",
        "Is swimming OK for my knees? There is a class on Fridays.",
    ),
    "copd": ("I cough more since the weather turned.", "Could somebody check how I use the inhaler?"),
    "asthma": ("I wake up wheezing twice a week.", "Do I need the brown one when I feel fine?"),
    "depression": ("The tablets make me tired.", "I stopped going to the group. I do not know why."),
}
MEDICINES = {
    "type_2_diabetes": ("Metformin 1 g, twice a day", "Gliclazide 40 mg, mornings"),
    "msk_pain": ("Paracetamol when it is bad", "Ibuprofen gel for the knee"),
    "copd": ("Blue inhaler when I need it", "Green inhaler, mornings"),
    "asthma": ("Brown inhaler, 2 puffs twice a day", "Blue inhaler when I need it"),
    "depression": ("Sertraline 50 mg, mornings",),
}
