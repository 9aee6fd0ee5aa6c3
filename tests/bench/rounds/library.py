"""Solves one hospital-resident game with the `matching` library: library.py GAME.json -> seconds and placements."""

import json
import sys
import time

from matching.games import HospitalResident

# The library copies its players with a recursion as deep as they are many.
sys.setrecursionlimit(1_000_000)
with open(sys.argv[1], encoding="utf-8") as file:
    game = json.load(file)
started_at = time.perf_counter()
solver = HospitalResident.create_from_dictionaries(game["residents"], game["hospitals"], game["capacities"])
matching = solver.solve(optimal="resident")
seconds = time.perf_counter() - started_at
placed = {str(resident): str(hospital) for hospital, residents in matching.items() for resident in residents}
json.dump({"seconds": seconds, "placed": placed}, sys.stdout)
