def run(run, entries):
    return []
