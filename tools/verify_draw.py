#!/usr/bin/env python3
"""Verifies the transcript of a draw, `ruxue.draw.v1`. It needs Python 3.9 or later and nothing else, and no network.

    python3 tools/verify_draw.py TRANSCRIPT.json              (`-` for the transcript: standard input)
    python3 tools/verify_draw.py TRANSCRIPT.json --lang zh    the report in Chinese
    python3 tools/verify_draw.py TRANSCRIPT.json --json       the report for programs

It ends with 0 if everything agrees, with 1 if something does not, with 2 if the file cannot be read. Each fault has its
step and its place in the file, a JSON pointer such as /reveal/parts/0.

It is written from docs/draw.md and docs/rounds.md alone and shares no code with the program that draws. It verifies all
they say but for the BLS signature of drand. Every value is computed from those it is made of as they stand in the file,
so that a fault is named where it is. The order of this program: the form of the file, hashes, what docs/rounds.md
refuses, the decision, the steps of the transcript, the report.
"""
import argparse
import gc
import hashlib
import json
import re
import sys
from bisect import insort
from collections import namedtuple
from datetime import datetime, timedelta
from itertools import zip_longest

STEPS = ('freeze', 'commit', 'reveal', 'draw', 'check', 'publish')
DRAND = {  # chain: scheme, public key, genesis and period in seconds, bytes of a signature and of the one before
    '8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce': (
        'pedersen-bls-chained',
        '868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31',
        1595431050, 30, 96, 96),
    '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971': (
        'bls-unchained-g1-rfc9380',
        '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc2'
        '2b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
        1692803367, 3, 48, None),
}
Finding = namedtuple('Finding', 'step at en zh')

# ── The form of the file. A form is a function: value -> faults, each (pointer from there, English, Chinese). ─────────

LARGEST = 2 ** 53 - 1
SHOWN = 50  # findings in the report for people


def value(en, zh, right):
    fault = [('', f'is not {en}', f'不是{zh}')]
    return lambda v: () if right(v) else fault


def text(en, zh, pattern):
    match = re.compile(pattern).fullmatch
    return value(en, zh, lambda v: type(v) is str and match(v) is not None)


def number(least=-LARGEST):
    return value(f'a whole number from {least} to 2^53 - 1', f' {least} 至 2^53 - 1 的整数',
                 lambda v: type(v) is int and least <= v <= LARGEST)


def one_of(*values):
    written = [json.dumps(one) for one in values]
    return value(' or '.join(written), ' ' + ' 或 '.join(written), lambda v: type(v) is type(values[0]) and v in values)


def array(inner, least=0):
    not_array = [('', f'is not an array of at least {least}', f'不是至少 {least} 项的数组')]

    def form(v):
        if type(v) is not list or len(v) < least:
            return not_array
        return [(f'/{i}{at}', en, zh) for i, one in enumerate(v) for at, en, zh in inner(one)]
    return form


def table(inner):
    """An object with names that are texts."""
    def form(v):
        if type(v) is not dict:
            return NOT_OBJECT
        return [(pointer(name) + at, en, zh) for name, one in v.items() for at, en, zh in TEXT(name) or inner(one)]
    return form


def record(needed, optional=()):
    """An object with these members and no others."""
    members = {**needed, **dict(optional)}

    def form(v):
        if type(v) is not dict:
            return NOT_OBJECT
        faults = [(pointer(name), 'is missing', '缺少') for name in needed if name not in v]
        for name, one in v.items():
            if name not in members:
                faults.append((pointer(name), 'is a member too many', '是多余的成员'))
            else:
                for at, en, zh in members[name](one):
                    faults.append((pointer(name) + at, en, zh))
        return faults
    return form


def by_kind(forms):
    """An object of the form that its member `kind` names."""
    wrong = [('/kind', f'is not {" or ".join(forms)}', f'不是 {" 或 ".join(forms)}')]

    def form(v):
        if type(v) is not dict:
            return NOT_OBJECT
        return forms[v['kind']](v) if type(v.get('kind')) is str and v['kind'] in forms else wrong
    return form


def pointer(name):
    return '/' + str(name).replace('~', '~0').replace('/', '~1')


def milliseconds(instant):
    """Since 1970."""
    return (datetime.strptime(instant, '%Y-%m-%dT%H:%M:%S.%fZ') - datetime(1970, 1, 1)) // timedelta(milliseconds=1)


def is_instant(v):
    try:
        return bool(re.fullmatch('[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z', v)) and milliseconds(v) is not None
    except (TypeError, ValueError):
        return False


NOT_OBJECT = [('', 'is not an object', '不是对象')]
TEXT = text('a text of 1 to 200 characters U+0020 to U+007E', ' 1 至 200 个 U+0020 至 U+007E 字符的文本', '[ -~]{1,200}')
NAME = text('a name of 1 to 200 characters', ' 1 至 200 个字符的名称', '[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}')
PROSE = text('a text without control characters', '不含控制字符的文本', '[^\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]+')
HASH = text('64 lower-case hex digits', ' 64 位小写十六进制数', '[0-9a-f]{64}')
HEX = text('lower-case hex, two digits a byte', '小写十六进制（每字节两位）', '([0-9a-f]{2})+')
DIGEST = text('sha256: and 64 lower-case hex digits', ' sha256: 加 64 位小写十六进制数', 'sha256:[0-9a-f]{64}')
NUMBER = number()
KEY = value('a whole number or a text', '整数或文本', lambda v: not NUMBER(v) or not TEXT(v))
INSTANT = value('an instant such as 2026-03-01T08:00:00.000Z', '形如 2026-03-01T08:00:00.000Z 的时刻', is_instant)


def or_null(inner):
    return lambda v: () if v is None else inner(v)


ORDER = by_kind({
    'lottery': record({'kind': TEXT}),
    'listed': record({'kind': TEXT, 'ids': array(TEXT)}),
    'ranked': record({'kind': TEXT, 'by': array(record({'key': TEXT, 'direction': one_of('asc', 'desc')}), 1)})})
APPLICANT = record({'id': TEXT, 'choices': array(TEXT)}, {
    'class': TEXT, 'unit': TEXT, 'keys': table(KEY)})
CLASS = record({'id': TEXT}, {'seats': number(0)})
ROUND = record({
    'format': one_of('ruxue.round.v1'), 'id': TEXT, 'mechanism': one_of('serial', 'deferred', 'immediate'),
    'schools': array(record({'id': TEXT, 'plan': number(0)}, {'classes': array(CLASS)})),
    'applicants': array(APPLICANT), 'orders': table(ORDER)}, {'unitOverflow': one_of('admit', 'skip', 'split')})
REASON = one_of('everyone-fits', 'own-seat', 'better-claim', 'over-plan', 'moved-up', 'no-school', 'no-seat',
                'unit-too-large', 'waived')
RESULT = record({
    'format': one_of('ruxue.result.v1'), 'round': TEXT, 'inputDigest': DIGEST,
    'assignments': array(record({
        'applicant': TEXT, 'school': or_null(TEXT), 'choice': or_null(number(1)), 'reason': REASON})),
    'reserves': table(array(TEXT))})
PROGRAM = record({'name': TEXT, 'version': TEXT})
SOURCE = by_kind({
    'witness': record({'kind': TEXT, 'name': NAME, 'commitment': HASH}),
    'drand': record({'kind': TEXT, 'chain': HASH, 'publicKey': HEX, 'scheme': TEXT, 'round': number(2)})})
REVEALED = record({'kind': TEXT, 'name': NAME, 'at': INSTANT, 'secret': HASH})
ABSENT = record({'kind': TEXT, 'name': NAME, 'absent': one_of(True)})
PART = by_kind({
    'witness': lambda v: (ABSENT if 'absent' in v else REVEALED)(v),
    'drand': record({'kind': TEXT, 'round': number(2), 'signature': HEX, 'randomness': HASH}, {'previousSignature': HEX})})
AGREED = record({'id': TEXT, 'agreed': one_of(True)})
HELD_BACK = record({'id': TEXT, 'agreed': one_of(False), 'alarm': PROSE})


def step(own, optional=()):
    return record({'at': INSTANT, 'previous': HASH, 'hash': HASH, **own}, optional)


TRANSCRIPT = record({
    'format': one_of('ruxue.draw.v1'), 'rule': PROSE,
    'groups': array(record({
        'round': ROUND, 'entries': array(record({'unit': TEXT, 'leaf': HASH}, {'ticket': HASH}))}, {'result': RESULT}), 1),
    'freeze': record({
        'at': INSTANT, 'hash': HASH, 'draw': TEXT, 'run': number(1),
        'groups': array(record({
            'id': TEXT, 'count': number(0), 'list': HASH, 'root': HASH, 'schools': HASH, 'setting': HASH}))},
        {'previous': HASH})}, {
    'commit': step({'rule': HASH, 'engine': PROGRAM, 'sources': array(SOURCE, 1)}, {'revealBy': INSTANT, 'least': number(0)}),
    'reveal': step({'parts': array(PART)}),
    'draw': step({'groups': array(record({'id': TEXT, 'seed': HASH, 'result': HASH}))}, {'after': HASH}),
    'check': step({'by': array(PROGRAM), 'groups': array(
        lambda v: (HELD_BACK if type(v) is dict and v.get('agreed') is False else AGREED)(v))}),
    'publish': step({})})


def read(content):
    """The transcript from its bytes, and why it cannot be read: faults of the step `file`."""
    def refuse(written):
        raise ValueError(f'{written} is not a whole number')
    try:
        transcript = json.loads(content.decode(), parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        return None, [Finding('file', '', f'is not JSON of this form: {error}', f'不是本格式的 JSON：{error}')]
    faults = TRANSCRIPT(transcript) or presence(transcript)
    return transcript, [Finding('file', *fault) for fault in faults]


def presence(t):
    """Members that are there exactly if something else in the transcript is so."""
    faults = []

    def expect(member, holder, at, wanted):
        if (member in holder) != wanted:
            faults.append((f'{at}/{member}', 'is missing' if wanted else 'is a member too many',
                           '缺少' if wanted else '是多余的成员'))
    last = max(i for i, name in enumerate(STEPS) if name in t)
    for name in STEPS[:last]:
        expect(name, t, '', True)
    expect('previous', t['freeze'], '/freeze', t['freeze']['run'] > 1)
    if 'commit' in t:
        witnesses = any(source['kind'] == 'witness' for source in t['commit']['sources'])
        expect('revealBy', t['commit'], '/commit', witnesses)
        expect('least', t['commit'], '/commit', witnesses)
    checked = t['check']['groups'] if 'check' in t else []
    for i, group in enumerate(t['groups']):
        expect('result', group, f'/groups/{i}', 'draw' in t and (i >= len(checked) or checked[i]['agreed']))
        for j, entry in enumerate(group['entries']):
            expect('ticket', entry, f'/groups/{i}/entries/{j}', 'draw' in t)
    return faults


# ── Hashes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

canonical = json.JSONEncoder(sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode


def sha256(content):
    return hashlib.sha256(content.encode() if type(content) is str else content).hexdigest()


def digest(v):
    return sha256(canonical(v))


def in_lines(lines):
    return ''.join(line + '\n' for line in lines)


def without(v, *names):
    return {name: one for name, one in v.items() if name not in names}


def merkle_root(leaves):
    """RFC 6962: neighbours are joined level by level, and an odd node goes up unchanged."""
    if not leaves:
        return sha256(b'')
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        joined = [hashlib.sha256(b'\x01' + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = joined + level[len(joined) * 2:]
    return level[0].hex()


def units_of(applicants):
    """Name of the unit -> its applicants in order of ids, in order of names."""
    units = {}
    for applicant in sorted(applicants, key=lambda a: a['id']):
        units.setdefault(applicant.get('unit', applicant['id']), []).append(applicant)
    return dict(sorted(units.items()))


# ── What docs/rounds.md refuses ───────────────────────────────────────────────────────────────────────────────────────

TWICE, UNKNOWN = ('is there twice', '重复'), ('is unknown', '不存在')


def repeated(values):
    seen = set()
    return [i for i, one in enumerate(values) if one in seen or seen.add(one)]


def refusals(r):
    """Faults of a round whose form is right: pointer in the round, English, Chinese."""
    return [*school_refusals(r), *applicant_refusals(r), *order_refusals(r)]


def school_refusals(r):
    for i in repeated(school['id'] for school in r['schools']):
        yield (f'/schools/{i}', *TWICE)
    for i, school in enumerate(r['schools']):
        classes = school.get('classes', [])
        for j in repeated(one['id'] for one in classes):
            yield (f'/schools/{i}/classes/{j}', *TWICE)
        if sum(one.get('seats', 0) for one in classes) > school['plan']:
            yield f'/schools/{i}/classes', 'have more own seats than the plan', '的专属学额之和超过计划'
        if school['id'] == 'default':
            yield f'/schools/{i}/id', 'cannot be the id of a school', '不能作为学校的编号'
        if school['id'] not in r['orders'] and 'default' not in r['orders']:
            yield f'/schools/{i}', 'has no order', '没有排序规则'


def applicant_refusals(r):
    schools, names, first = {school['id'] for school in r['schools']}, {a['id'] for a in r['applicants']}, {}
    for i in repeated(a['id'] for a in r['applicants']):
        yield (f'/applicants/{i}', *TWICE)
    for i, a in enumerate(r['applicants']):
        if not schools.issuperset(a['choices']):
            yield (f'/applicants/{i}/choices', *UNKNOWN)
        if len(set(a['choices'])) < len(a['choices']):
            yield (f'/applicants/{i}/choices', *TWICE)
        if 'unit' in a:
            other = first.setdefault(a['unit'], a)
            if a['unit'] in names:
                yield f'/applicants/{i}/unit', 'is the id of an applicant', '与申请人编号相同'
            if other['choices'] != a['choices'] or other.get('class') != a.get('class'):
                yield f'/applicants/{i}', 'differs from another member of the unit', '与同组成员的志愿或类别不同'
            if len({type(one.get('keys', {}).get('registeredAt')) for one in (a, other)}) > 1:
                yield f'/applicants/{i}/keys/registeredAt', 'is of another kind in the same unit', '与同组成员的种类不同'


def order_refusals(r):
    orders, names = r['orders'], {a['id'] for a in r['applicants']}
    chose = {name: [] for name in orders}  # those whom each order compares
    for a in r['applicants']:
        for name in {school if school in orders else 'default' for school in a['choices']}:
            chose.setdefault(name, []).append(a)
    for name, order in orders.items():
        at = '/orders' + pointer(name)
        if name != 'default' and (r['mechanism'] == 'serial' or all(school['id'] != name for school in r['schools'])):
            yield at, 'is an order for no school of this round', '不对应本轮的学校'
        if order['kind'] == 'listed':
            for i in repeated(order['ids']):
                yield (f'{at}/ids/{i}', *TWICE)
            if not names.issuperset(order['ids']):
                yield (f'{at}/ids', *UNKNOWN)
            if not {a['id'] for a in chose[name]}.issubset(order['ids']):
                yield f'{at}/ids', 'leave out an applicant who chose the school', '遗漏了选择该校的申请人'
        if order['kind'] == 'ranked':
            for i, one in enumerate(order['by']):
                kinds = {type(a.get('keys', {}).get(one['key'])) for a in chose[name]}
                if len(kinds) > 1 or type(None) in kinds:
                    yield f'{at}/by/{i}', 'is a key that somebody lacks, or of two kinds', '有人缺少此项，或数字与文本混用'


# ── The decision (docs/draw.md, “The decision”) ───────────────────────────────────────────────────────────────────────

def registration(applicant):
    """Members of a unit stand in this order. All have the key or none has."""
    return applicant.get('keys', {}).get('registeredAt'), applicant['id']


class Game:
    """A round that is not refused, in numbers: claimants, schools and choices are indexes from 0. A claim is a number
    too. Of two claims to one school the better is the lower, and from a claim its claimant and its choice can be read."""

    def __init__(self, r, seed):
        self.overflow = r.get('unitOverflow', 'skip')
        self.schools = sorted(r['schools'], key=lambda school: school['id'])
        self.plan = [school['plan'] for school in self.schools]
        classes = [school.get('classes', []) for school in self.schools]
        self.own = [{one['id']: one['seats'] for one in listed if 'seats' in one} for listed in classes]
        before = [{one['id']: i for i, one in enumerate(listed) if 'seats' not in one} for listed in classes]
        tiers = max(map(len, classes), default=0) + 1
        index = {school['id']: s for s, school in enumerate(self.schools)}

        units = units_of(r['applicants'])
        parties = [sorted(unit, key=registration) if len(unit) > 1 else unit for unit in units.values()]
        ranks = ranks_by_school(r, self.schools, parties, tickets(units, seed))
        split, immediate = self.overflow == 'split', r['mechanism'] == 'immediate'
        claimants = [(u, members) for u, unit in enumerate(parties)
                     for members in ([[a] for a in unit] if split else [unit])]
        self.members = [[a['id'] for a in members] for _, members in claimants]  # in order of registration
        self.size = [len(members) for members in self.members]
        self.kind = [members[0].get('class') for _, members in claimants]
        self.choices = [[index[school] for school in members[0]['choices']] for _, members in claimants]
        self.none = max(map(len, self.choices), default=0)  # the choice of a claimant without a place
        self.count, self.width = len(claimants), self.none + 1
        self.claims = []  # of each claimant, by choice
        self.to = [[] for _ in self.schools]  # to each school, the best first
        for c, (u, _) in enumerate(claimants):
            self.claims.append([])
            for k, s in enumerate(self.choices[c]):
                tier = before[s].get(self.kind[c], len(classes[s])) + (k * tiers if immediate else 0)
                place = tier * (len(r['applicants']) + 1) + ranks[s][u]
                claim = (place * self.count + c) * self.width + k
                self.claims[c].append(claim)
                self.to[s].append(claim)
        for claims in self.to:
            claims.sort()
        self.units_to = [[q for q in claims if self.size[self.whose(q)] > 1] for claims in self.to]

    def whose(self, claim):
        return claim // self.width % self.count

    def choice(self, claim):
        return claim % self.width

    def suffice(self, reach, c):
        return reach >= (1 if self.overflow == 'admit' else self.size[c])

    def there(self, places):
        """Of each school, the claims of those who are there, the best first."""
        there = [[] for _ in self.schools]
        for c, k in enumerate(places):
            if k < self.none:
                there[self.choices[c][k]].append(self.claims[c][k])
        for claims in there:
            claims.sort()
        return there

    def wishes(self, claims, places):
        """Those of the claims that are dearer than the one held."""
        width, count = self.width, self.count
        return [q for q in claims if q % width < places[q // width % count]]


def tickets(units, seed):
    return [hashlib.sha256(bytes.fromhex(seed) + name.encode()).digest() for name in units]


def ranks_by_school(r, schools, parties, ticket):
    """For each school: unit -> its place in the school's order, for the units that chose the school."""
    chose = {school['id']: [] for school in schools}
    for u, unit in enumerate(parties):
        for school in unit[0]['choices']:
            chose[school].append(u)
    shared = {school for school in chose if school not in r['orders']}
    everyone = {u for school in shared for u in chose[school]}
    lots = {u: i for i, u in enumerate(sorted(range(len(parties)), key=ticket.__getitem__))}
    default = ranks_of(r['orders']['default'], everyone, parties, lots) if shared else None
    return [default if school['id'] in shared else ranks_of(r['orders'][school['id']], chose[school['id']], parties, lots)
            for school in schools]


def ranks_of(order, units, parties, lots):
    if order['kind'] == 'lottery':
        return lots
    if order['kind'] == 'listed':
        place = {name: i for i, name in enumerate(order['ids'])}
        return {u: max(place[a['id']] for a in parties[u]) for u in units}
    by = []  # key, and value -> place
    for one in order['by']:
        values = {a['keys'][one['key']] for u in units for a in parties[u]}
        by.append((one['key'], {v: i for i, v in enumerate(sorted(values, reverse=one['direction'] == 'desc'))}))

    def claim(u):
        weakest = max([[place[a['keys'][key]] for key, place in by] for a in parties[u]])
        return weakest, lots[u]
    return {u: i for i, u in enumerate(sorted(units, key=claim))}


class Seats:
    """The seats of a school, of which these claims have their turns in order (3)."""

    def __init__(self, game, plan, own, claims):
        self.left, self.own, self.kind, self.size = plan, dict(own), game.kind, game.size
        children = dict.fromkeys(own, 0)
        if own:
            for c in map(game.whose, claims):
                if self.kind[c] in children:
                    children[self.kind[c]] += self.size[c]
        self.unneeded = {kind: max(0, own[kind] - children[kind]) for kind in own}
        self.open = max(0, plan - sum(own.values()) + sum(self.unneeded.values()))

    def own_for(self, c):
        own = self.own.get(self.kind[c], 0)
        return own and min(own, self.size[c])

    def in_reach(self, own):
        return min(self.left, own + self.open)

    def found_by_wish(self, c):
        """What a claim finds of which the need is not counted (5)."""
        return self.own_for(c) + max(0, self.open - min(self.size[c], self.unneeded.get(self.kind[c], 0)))

    def take(self, c, own):
        opened = min(self.open, self.size[c] - own)
        if own:
            self.own[self.kind[c]] -= own
        self.open -= opened
        self.left -= own + opened

    def refuse(self, c, own):
        self.take(c, own)
        self.open = 0


def deferred_acceptance(game, passed_over):
    """The choice at which each claimant is in the end (4). In which order they claim changes nothing."""
    places = [-1] * len(game.claims)
    got = [[] for _ in game.schools]  # claims, the best first: those held, and the refused ones that still count
    refused = set()
    waiting = set()  # schools with own seats that have got a claim: they go through all their claims again
    left = list(game.plan)  # of the others: seats
    refused_from = [{} for _ in game.schools]  # by class with own seats: the best claim refused; all behind it are, too
    movers = list(range(len(places)))
    while movers or waiting:
        if not movers:
            movers = [c for s in waiting for c in settle(game, s, got, refused, refused_from)]
            waiting.clear()
            continue
        c = movers.pop()
        k = places[c] = places[c] + 1
        if k >= len(game.claims[c]):
            places[c] = game.none
            continue
        claim, s = game.claims[c][k], game.choices[c][k]
        kind = game.kind[c] if game.kind[c] in game.own[s] else None
        if claim in passed_over or claim > refused_from[s].get(kind, claim):
            movers.append(c)
            continue
        insort(got[s], claim)
        if game.own[s]:
            waiting.add(s)
            continue
        left[s] -= game.size[c]
        while left[s] < 0:
            last = game.whose(got[s][-1])
            if game.suffice(left[s] + game.size[last], last):
                break
            refused_from[s][None] = got[s].pop()
            left[s] += game.size[last]
            movers.append(last)
    return places


def settle(game, s, got, refused, refused_from):
    """A school goes through its claims; gives the claimants that it refuses now."""
    seats = Seats(game, game.plan[s], game.own[s], got[s])
    now = []
    for claim in got[s]:
        c = game.whose(claim)
        own = seats.own_for(c)
        if claim not in refused and game.suffice(seats.in_reach(own), c):
            seats.take(c, own)
            continue
        seats.refuse(c, own)
        kind = game.kind[c] if game.kind[c] in game.own[s] else None
        refused_from[s][kind] = min(claim, refused_from[s].get(kind, claim))
        if claim not in refused:
            refused.add(claim)
            now.append(c)
    got[s] = [claim for claim in got[s] if claim not in refused or game.size[game.whose(claim)] > 1]
    return now


def look(game, s, there, places):
    """The wishes of units of two or more for a school, in order, each with the seats that it finds in reach."""
    wishes = set(game.wishes(game.units_to[s], places))
    if not wishes:
        return
    seats = Seats(game, game.plan[s], game.own[s], there[s])
    for claim in sorted([*there[s], *wishes]):
        c = game.whose(claim)
        if claim in wishes:
            yield claim, game.size[c], seats.found_by_wish(c)
        else:
            seats.take(c, seats.own_for(c))


def decide(game):
    """The choice of each claimant, after as many runs as it needs (5)."""
    passed_over, before, ended = frozenset(), set(), False
    while True:
        places = deferred_acceptance(game, passed_over)
        if game.overflow != 'skip' or not any(game.units_to):
            return places
        ended = ended or passed_over in before
        before.add(passed_over)
        there, changed = game.there(places), set()
        for s in range(len(game.schools)):
            here, weakest = set(), None
            for claim, size, found in look(game, s, there, places):
                if claim in passed_over:
                    if found >= size and not ended:
                        here.add(claim)
                elif found >= size:
                    weakest = claim
                elif found > 0:
                    here.add(claim)
            if not here and weakest is not None:
                here.add(weakest)
            changed |= here
        if not changed:
            return give_free_seats(game, places) if ended else places
        passed_over = passed_over ^ changed


def give_free_seats(game, places):
    """Moves claimants to free seats (6)."""
    asked = range(len(game.schools))
    while asked:
        there = game.there(places)
        offers = {}  # claimant: the choices offered
        for s in asked:
            for claim in offered(game, s, there[s], game.wishes(game.to[s], places)):
                offers.setdefault(game.whose(claim), []).append(game.choice(claim))
        asked = set()
        for c, choices in offers.items():
            left = [k for k in [*choices, places[c]] if k != min(choices) and k != game.none]
            asked.update(game.choices[c][k] for k in left)
            places[c] = min(choices)
    return places


def offered(game, s, there, wishes):
    """The wishes to which a school offers its free seats."""
    taken = [(game.kind[c], game.size[c]) for c in map(game.whose, there)]
    free = max(0, game.plan[s] - sum(size for _, size in taken))
    own = {one: max(0, seats - sum(size for kind, size in taken if kind == one)) for one, seats in game.own[s].items()}
    among, offers, too_large = list(wishes), [], True
    while too_large:
        seats, offers, too_large = Seats(game, free, own, among), [], None
        for claim in among:
            c = game.whose(claim)
            kept = seats.own_for(c)
            reach = seats.in_reach(kept)
            if reach >= game.size[c]:
                offers.append(claim)
                seats.take(c, kept)
            elif reach > 0:
                too_large = claim
                break
        among = [claim for claim in among if claim != too_large]
    free -= sum(game.size[game.whose(claim)] for claim in offers)
    for claim in wishes:
        if claim not in offers and game.size[game.whose(claim)] <= free:
            offers.append(claim)
            free -= game.size[game.whose(claim)]
    return offers


def result_of(r, seed):
    """The result of a round that is not refused (7, 8 and 9)."""
    game = Game(r, seed)
    places = decide(game)
    there = game.there(places)
    reasons, reserves, too_large = {}, {}, set()
    for s, school in enumerate(game.schools):
        wishes = game.wishes(game.to[s], places)
        reserves[school['id']] = [a for claim in wishes for a in game.members[game.whose(claim)]]
        seats = Seats(game, game.plan[s], game.own[s], there[s])
        for c in map(game.whose, there[s]):
            own = seats.own_for(c)
            reach = seats.in_reach(own)
            for i, a in enumerate(game.members[c]):
                reasons[a] = ('over-plan' if i >= reach else 'everyone-fits' if not wishes else
                              'own-seat' if i < own else 'better-claim')
            seats.take(c, own)
        if game.overflow == 'skip':
            too_large.update(game.whose(claim) for claim, _, found in look(game, s, there, places) if found > 0)
    assignments = []
    for c, k in enumerate(places):
        for a in game.members[c]:
            if k < game.none:
                school, choice, reason = game.schools[game.choices[c][k]]['id'], k + 1, reasons[a]
            else:
                school, choice = None, None
                reason = 'no-school' if not game.choices[c] else 'unit-too-large' if c in too_large else 'no-seat'
            assignments.append({'applicant': a, 'school': school, 'choice': choice, 'reason': reason})
    assignments.sort(key=lambda one: one['applicant'])
    applicants = sorted(r['applicants'], key=lambda a: a['id'])
    lines = [{**without(r, 'schools', 'applicants'), 'seed': seed}, *game.schools, *applicants]
    return {'format': 'ruxue.result.v1', 'round': r['id'], 'assignments': assignments, 'reserves': reserves,
            'inputDigest': 'sha256:' + sha256(in_lines(map(canonical, lines)))}


# ── The transcript ────────────────────────────────────────────────────────────────────────────────────────────────────

def differences(stated, right, at):
    """Pointers to where two values part."""
    if stated == right:
        return []
    if type(stated) is type(right) is dict and stated.keys() == right.keys():
        return [place for name in stated for place in differences(stated[name], right[name], at + pointer(name))]
    if type(stated) is type(right) is list and len(stated) == len(right):
        return [place for i, one in enumerate(stated) for place in differences(one, right[i], f'{at}/{i}')]
    return [at]


class Verification:
    """Verifies a transcript whose form is right: `findings` is what does not agree, in the order of steps."""

    def __init__(self, transcript):
        self.t = transcript
        self.findings = []
        self.refused = set()  # groups whose round is refused: they cannot be decided
        self.hashes = {}  # of each step: the hash that what follows is made from
        self.sound = {}  # of each step: it is what its hash, or the `previous` of the next one, says
        self.chain()
        for name in STEPS:
            if name in transcript and name != 'publish':
                getattr(self, name)()
        self.findings.sort(key=lambda finding: STEPS.index(finding.step))

    def find(self, *finding):
        self.findings.append(Finding(*finding))

    def chain(self):
        """Hashes, `previous` and instants."""
        there = [name for name in STEPS if name in self.t]
        for i, name in enumerate(there):
            step, before = self.t[name], there[i - 1] if i else None
            computed = digest(without(step, 'hash'))
            following = self.t[there[i + 1]]['previous'] if i + 1 < len(there) else None
            self.hashes[name] = computed if computed == following else step['hash']
            self.sound[name] = computed in (step['hash'], following)
            if computed != step['hash']:
                self.find(name, f'/{name}/hash' if computed == following else f'/{name}',
                          f'gives the hash {computed}', f'的摘要应为 {computed}')
            if before and step['previous'] != self.hashes[before]:
                self.find(name, f'/{name}/previous', 'is not the hash of the step before', '不是上一步骤的摘要')
            if before and (step['at'] < self.t[before]['at'] or i < 3 and step['at'] == self.t[before]['at']):
                self.find(name, f'/{name}/at', 'is not after the step before', '不晚于上一步骤')

    def listed(self, name):
        """The groups with what a step lists for them."""
        groups, listed = self.t['groups'], self.t[name]['groups']
        for i in range(max(len(groups), len(listed))):
            at = f'/{name}/groups/{i}'
            if i >= len(listed):
                self.find(name, at, 'is missing', '缺少')
            elif i >= len(groups):
                self.find(name, at, 'is for no group', '不对应任何组')
            else:
                if listed[i]['id'] != groups[i]['round']['id']:
                    self.find(name, at + '/id', 'is not the id of the round', '与该组的轮次编号不符')
                yield i, groups[i], listed[i]

    def freeze(self):
        for i in repeated(group['round']['id'] for group in self.t['groups']):
            self.find('freeze', f'/groups/{i}/round/id', 'is there twice', '重复')
        for i, group in enumerate(self.t['groups']):
            for of in ('schools', 'applicants'):
                listed = group['round'][of]
                for j in range(1, len(listed)):
                    if listed[j]['id'] < listed[j - 1]['id']:
                        self.find('freeze', f'/groups/{i}/round/{of}/{j}', 'is out of order', '次序不对')
            for at, en, zh in refusals(group['round']):
                self.find('freeze', f'/groups/{i}/round{at}', en, zh)
                self.refused.add(i)
        for i, group, frozen in self.listed('freeze'):
            r, there, here = group['round'], f'/freeze/groups/{i}', f'/groups/{i}/round'
            self.frozen(f'{there}/schools', f'{here}/schools', frozen['schools'], digest(r['schools']))
            self.frozen(f'{there}/setting', here, frozen['setting'], digest(without(r, 'schools', 'applicants')))
            self.units(i, group, frozen)

    def frozen(self, there, here, stated, computed):
        """Where the freeze is what its hash says, what stands beside it was changed."""
        if stated != computed:
            self.find('freeze', here if self.sound['freeze'] else there, f'the freeze has {stated}, computed is {computed}',
                      f'冻结步骤为 {stated}，计算得 {computed}')

    def units(self, i, group, frozen):
        """The canonical list, its root, and the entries."""
        at, there = f'/groups/{i}', f'/freeze/groups/{i}'
        applicants, entries = group['round']['applicants'], group['entries']
        units = units_of(applicants)
        lines = [canonical([name, members]) for name, members in units.items()]
        leaves = [hashlib.sha256(b'\x00' + line.encode()).hexdigest() for line in lines]
        leaf_of = dict(zip(units, leaves))
        listed = [(entry['unit'], entry['leaf']) for entry in entries]
        computed = {'list': sha256(in_lines(lines)), 'root': merkle_root(leaves)}
        wrong = [name for name in computed if computed[name] != frozen[name]]
        self.frozen(f'{there}/count', f'{at}/entries', frozen['count'], len(units))
        others = len(wrong) == 2  # the applicants are not those of the freeze
        faulty = []
        if listed != list(leaf_of.items()):
            if others:
                stated = dict(listed)
                faulty = [f'{at}/round/applicants/{j}' for j, a in enumerate(applicants)
                          if stated.get(a.get('unit', a['id'])) != leaf_of[a.get('unit', a['id'])]]
            elif len(listed) == len(leaves):
                faulty = [f'{at}/entries/{j}/{"unit" if entry["unit"] != unit else "leaf"}'
                          for j, (entry, unit, leaf) in enumerate(zip(entries, units, leaves))
                          if (entry['unit'], entry['leaf']) != (unit, leaf)]
            if not faulty or others and [unit for unit, _ in listed] != list(units):
                faulty.append(f'{at}/entries')
        for place in faulty:
            self.find('freeze', place, 'the applicants of a unit do not give its entry', '申请人与名单条目不符')
        if not faulty or not self.sound['freeze']:
            for name in wrong:
                self.find('freeze', f'{there}/{name}', f'computed is {computed[name]}', f'计算得 {computed[name]}')

    def commit(self):
        commit = self.t['commit']
        sources = commit['sources']
        if commit['rule'] != sha256(self.t['rule']):
            self.find('commit', '/rule' if self.sound['commit'] else '/commit/rule',
                      'the hash in the commit is not that of the rule', '承诺步骤中的摘要与规则全文不符')
        for member in ('name', 'commitment'):
            for i in repeated(source.get(member, i) for i, source in enumerate(sources)):
                self.find('commit', f'/commit/sources/{i}/{member}', 'is there twice', '重复')
        drand = [i for i, source in enumerate(sources) if source['kind'] == 'drand']
        for i in drand:
            self.beacon(sources[i], f'/commit/sources/{i}')
        for i in drand[1:]:
            self.find('commit', f'/commit/sources/{i}', 'is a second source of drand', '是第二个 drand 来源')
        if 'least' in commit and not (0 if drand else 1) <= commit['least'] <= len(sources) - len(drand):
            self.find('commit', '/commit/least', 'is not a number of witnesses that is possible', '不是可能的见证人数')
        if 'revealBy' in commit and commit['revealBy'] < commit['at']:
            self.find('commit', '/commit/revealBy', 'is before the commit', '早于承诺步骤')

    def beacon(self, source, at):
        """A source of drand."""
        if source['chain'] not in DRAND:
            self.find('commit', f'{at}/chain', 'is not a chain that may be named', '不是可用的 drand 链')
            return
        for member, right in zip(('scheme', 'publicKey'), DRAND[source['chain']]):
            if source[member] != right:
                self.find('commit', f'{at}/{member}', 'is not that of the chain', '与该链不符')
        commit = self.t['commit']
        if comes(source) <= milliseconds(max(commit['at'], commit.get('revealBy', commit['at']))):
            self.find('commit', f'{at}/round', 'does not come after the commit and the reveal of witnesses',
                      '不晚于承诺步骤及见证人揭示期限')

    def reveal(self):
        commit, reveal = self.t['commit'], self.t['reveal']
        if len(reveal['parts']) != len(commit['sources']):
            self.find('reveal', '/reveal/parts', 'are not one for each source', '与随机源数目不符')
        for i, (source, part) in enumerate(zip(commit['sources'], reveal['parts'])):
            at = f'/reveal/parts/{i}'
            if (part['kind'], part.get('name')) != (source['kind'], source.get('name')):
                self.find('reveal', at, 'is not of the source', '与随机源不符')
            elif 'absent' in part:
                if reveal['at'] <= commit['revealBy']:
                    self.find('reveal', '/reveal/at', 'is not after revealBy, and a witness is absent',
                              '有见证人缺席，但不晚于揭示期限')
            elif part['kind'] == 'witness':
                lines = ['ruxue.draw.v1 witness', self.hashes['freeze'], part['name'], part['secret']]
                if sha256(in_lines(lines)) != source['commitment']:
                    self.find('reveal', at, 'the secret does not give the commitment', '秘密值与承诺不符')
                if not commit['at'] < part['at'] <= min(commit['revealBy'], reveal['at']):
                    self.find('reveal', f'{at}/at', 'is not between commit and revealBy', '不在承诺与揭示期限之间')
            else:
                self.beacon_part(source, part, at)

    def beacon_part(self, source, part, at):
        """The part of drand. Its BLS signature is left out."""
        if part['round'] != source['round']:
            self.find('reveal', f'{at}/round', 'is not that of the source', '与随机源的轮次不符')
        if sha256(bytes.fromhex(part['signature'])) != part['randomness']:
            self.find('reveal', f'{at}/signature', 'does not give the randomness', '与随机值不符')
        if source['chain'] in DRAND:
            *_, size, previous = DRAND[source['chain']]
            if len(part['signature']) != size * 2:
                self.find('reveal', f'{at}/signature', f'has not {size} bytes', f'不是 {size} 字节')
            if len(part.get('previousSignature', '')) != (previous or 0) * 2:
                self.find('reveal', f'{at}/previousSignature', f'must have {previous or 0} bytes', f'应为 {previous or 0} 字节')
            if milliseconds(self.t['reveal']['at']) < comes(source):
                self.find('reveal', '/reveal/at', 'is before the round of drand', '早于 drand 该轮发布')

    def draw(self):
        if not enough(self.t):
            self.find('draw', '/draw', 'too few witnesses have revealed: there can be no draw', '揭示的见证人不足，不能摇号')
        for i, group, drawn in self.listed('draw'):
            at, there = f'/groups/{i}', f'/draw/groups/{i}'
            self.computed(f'{there}/seed', drawn['seed'], self.seed(i))
            for j, ticket in enumerate(tickets([entry['unit'] for entry in group['entries']], drawn['seed'])):
                self.computed(f'{at}/entries/{j}/ticket', group['entries'][j]['ticket'], ticket.hex())
            right = group.get('result') if i in self.refused else result_of(group['round'], drawn['seed'])
            if right:
                self.computed(f'{there}/result', drawn['result'], digest(right))
                for place in differences(group.get('result', right), right, f'{at}/result'):
                    self.find('draw', place, 'is decided otherwise', '重新计算的结果不同')

    def computed(self, at, stated, right):
        if stated != right:
            self.find('draw', at, f'computed is {right}', f'计算得 {right}')

    def seed(self, i):
        lines = ['ruxue.draw.v1 seed', self.t['groups'][i]['round']['id'],
                 self.t['freeze']['groups'][i]['list'] if i < len(self.t['freeze']['groups']) else '', self.hashes['commit']]
        for part in self.t['reveal']['parts']:
            lines.append(f'drand {part["randomness"]}' if part['kind'] == 'drand' else f'witness {part.get("secret", "absent")}')
        return sha256(in_lines(lines))

    def check(self):
        if len({program['name'] for program in self.t['check']['by']}) < 2:
            self.find('check', '/check/by', 'are not two implementations', '不是两个独立实现')
        for _ in self.listed('check'):
            pass


def enough(t):
    """Whether as many witnesses have revealed as must."""
    return sum('secret' in part for part in t['reveal']['parts']) >= t['commit'].get('least', 0)


def comes(source):
    """The instant at which a round of drand comes, in milliseconds since 1970."""
    _, _, genesis, period, _, _ = DRAND[source['chain']]
    return (genesis + (source['round'] - 1) * period) * 1000


# ── The report ────────────────────────────────────────────────────────────────────────────────────────────────────────

def verify(content):
    """The transcript from its bytes (None if it cannot be read), and the findings."""
    transcript, faults = read(content)
    return (None, faults) if faults else (transcript, Verification(transcript).findings)


def report(transcript, findings, file):
    """What --json prints, but for the language."""
    groups = []
    for i, group in enumerate(transcript['groups'] if transcript else []):
        below = tuple(f'{at}groups/{i}' for at in ('/', '/freeze/', '/draw/', '/check/'))
        agreed = not any((found.at + '/').startswith(tuple(place + '/' for place in below)) for found in findings)
        groups.append({'id': group['round']['id'], 'agreed': agreed})
    last = [transcript[name]['hash'] for name in STEPS if name in transcript][-1] if transcript else None
    return {'agreed': not findings, 'file': file, 'hash': last, 'groups': groups}


def notes(transcript, summary):
    """What there is to say besides findings, in English and Chinese."""
    t = transcript
    last = [name for name in STEPS if name in t][-1]
    yield (f'Draw {t["freeze"]["draw"]}, run {t["freeze"]["run"]}, as far as the step {last}. Its hash: {summary["hash"]}',
           f'摇号 {t["freeze"]["draw"]}，第 {t["freeze"]["run"]} 次，至 {last} 步骤。其摘要：{summary["hash"]}')
    alarms = [one.get('alarm') for one in t['check']['groups']] if 'check' in t else []
    for group, alarm in zip_longest(summary['groups'], alarms[:len(summary['groups'])]):
        en, zh = ('agrees', '一致') if group['agreed'] else ('does not agree', '不一致')
        if alarm:
            en, zh = f'{en}; it is held back: {alarm}', f'{zh}；暂缓公布：{alarm}'
        yield f'Group {group["id"]} {en}', f'组 {group["id"]} {zh}'
    if 'reveal' in t:
        absent = [part['name'] for part in t['reveal']['parts'] if 'absent' in part]
        if absent:
            yield 'Absent witnesses: ' + ', '.join(absent), '缺席见证人：' + '、'.join(absent)
        if not enough(t):
            yield 'Too few witnesses have revealed: there is no draw.', '揭示的见证人不足：本次不摇号。'
        if any(part['kind'] == 'drand' for part in t['reveal']['parts']):
            yield ('Left out: the BLS signature of drand. That the randomness is its SHA-256 is verified.',
                   '未验证：drand 的 BLS 签名。已验证随机值为签名的 SHA-256。')


def main(arguments=None):
    description, *_ = __doc__.split('\n\n')
    parser = argparse.ArgumentParser(description=description, epilog='Exit code: 0 agrees, 1 does not, 2 cannot be read.')
    parser.add_argument('transcript', help='the file, or - for standard input')
    parser.add_argument('--lang', choices=['zh', 'en'], default='en', help='language of the report')
    parser.add_argument('--json', action='store_true', help='print the report as JSON')
    options = parser.parse_args(arguments)
    zh = options.lang == 'zh'
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding='utf-8', errors='backslashreplace')
    gc.disable()  # nothing is thrown away before the end
    try:
        if options.transcript == '-':
            content = sys.stdin.buffer.read()
        else:
            with open(options.transcript, 'rb') as file:
                content = file.read()
        transcript, findings = verify(content)
    except OSError as error:
        transcript, findings = None, [Finding('file', '', f'cannot be read: {error}', f'无法读取：{error}')]
    summary = report(transcript, findings, options.transcript)
    said = [pair[zh] for pair in notes(transcript, summary)] if transcript else []
    if options.json:
        summary['findings'] = [{'step': one.step, 'at': one.at, 'what': one.zh if zh else one.en} for one in findings]
        print(json.dumps(summary, ensure_ascii=False))
        print(*said, sep='\n', file=sys.stderr)
    else:
        print(*said, sep='\n')
        for one in findings[:SHOWN]:
            print(f'{one.step} {one.at}: {one.zh if zh else one.en}')
        if len(findings) > SHOWN:
            print(f'… 另有 {len(findings) - SHOWN} 处' if zh else f'… and {len(findings) - SHOWN} more')
        if not findings:
            print('其余全部一致。' if zh else 'Everything else agrees.')
    return 2 if transcript is None else 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
