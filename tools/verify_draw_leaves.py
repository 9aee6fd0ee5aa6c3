#!/usr/bin/env python3
"""Changes every single leaf of a transcript, one after the other, and verifies each: for verify_draw.test.ts.

    python3 tools/verify_draw_leaves.py TRANSCRIPT.json

It prints { "changes": how many it made, "missed": [pointers of those that were not found] }.
"""
import json
import sys

import verify_draw


def changes(value):
    """What a leaf may be changed into: other characters at its ends, one more, one less, the other truth."""
    if type(value) is bool:
        return [not value]
    if type(value) is int:
        return [value + 1, value - 1]
    if type(value) is str:
        return [value[:i] + ('b' if value[i:i + 1] == 'a' else 'a') + value[i + 1:] for i in (0, len(value) - 1, len(value))]
    return ['a']


def leaves(value, at=''):
    """Each leaf: the object or array it is in, its name or index there, and its pointer."""
    for name, one in value.items() if type(value) is dict else enumerate(value):
        if type(one) in (dict, list):
            yield from leaves(one, f'{at}/{name}')
        else:
            yield value, name, f'{at}/{name}'


def main():
    with open(sys.argv[1], 'rb') as file:
        transcript = json.load(file)
    made, missed = 0, []
    for holder, name, at in leaves(transcript):
        right = holder[name]
        for wrong in changes(right):
            holder[name] = wrong
            made += 1
            read, wrong = verify_draw.read(json.dumps(transcript).encode(), verify_draw.TRANSCRIPT)
            if not wrong and not verify_draw.Verification(read).findings:
                missed.append(at)
        holder[name] = right
    print(json.dumps({'changes': made, 'missed': missed}))


if __name__ == '__main__':
    main()
