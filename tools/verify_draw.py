#!/usr/bin/env python3
"""Verifies the transcript of a draw, `ruxue.draw.v1`. It needs Python 3.9 or later and nothing else, and no network.

    python3 tools/verify_draw.py TRANSCRIPT.json         (`-`: standard input; --lang zh: in Chinese; --json)
    python3 tools/verify_draw.py --inclusion PROOF.json --root ROOT --count COUNT       is a family in the list?

For a notary: it does the whole draw again. The list gives the hash published before the draw, each secret the
commitment made before it; list and secrets give the seed, the seed each ticket, and these each place; no step was
changed after the next. What is left to you: compare the hashes that it prints, and your secret, with those that you
kept. It ends with 0 if everything agrees, with 1 if something does not, with 2 if the file cannot be read.

It is written from docs/draw.md and docs/rounds.md alone and shares no code with the program that draws. It verifies all
they say but for the BLS signature of drand. Every value is computed from those it is made of as they stand in the file.
The order of this program is that of docs/draw.md: form, hashes, what docs/rounds.md refuses, steps, decision, report.
"""
import argparse
import gc
import hashlib
import json
import os
import re
import sys
from bisect import insort
from collections import namedtuple
from datetime import datetime, timedelta

STEPS = ('freeze', 'commit', 'reveal', 'draw', 'check', 'publish')
DRAND = {  # chain: scheme, public key, genesis and period in seconds, bytes of a signature and of the one before
    '8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce': (
        'pedersen-bls-chained',
        '868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31',
        1595431050, 30, 96, 96),
    '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971': (
        'bls-unchained-g1-rfc9380',
        '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921c'
        'c22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
        1692803367, 3, 48, 0),
}
SHOWN = 50  # findings in the report for people
Finding = namedtuple('Finding', 'step at kind details')
SAYS = {  # of each kind of fault: in English, in Chinese
    'unopened': ('{} cannot be opened', '{} 无法打开'),
    'not json': ('is not JSON in UTF-8, or has a fraction: {}', '不是 UTF-8 编码的 JSON，或含小数：{}'),
    'not in': ('is not a line of the list with this root and count', '不在具有此根与行数的名单中'),
    'form': ('should be {}', '应为{}'),
    'missing': ('is missing', '缺少'),
    'too many': ('is a member too many', '是多余的成员'),
    'twice': ('is there twice', '重复'),
    'unknown': ('is unknown', '不存在'),
    'seats': ('have more own seats than the plan', '的专属学额之和超过计划'),
    'default': ('cannot be the id of a school', '不能作为学校的编号'),
    'no order': ('has no order', '没有排序规则'),
    'unit name': ('is the id of an applicant', '与申请人编号相同'),
    'unit': ('differs from another member of the unit', '与同组成员的志愿或类别不同'),
    'unit key': ('is of another kind in the same unit', '与同组成员的种类不同'),
    'no school': ('is an order for no school of this round', '不对应本轮的学校'),
    'left out': ('leave out an applicant who chose the school', '遗漏了选择该校的申请人'),
    'key': ('is a key that somebody lacks, or of two kinds', '有人缺少此项，或数字与文本混用'),
    'computed': ('is not what is computed: {}', '与计算结果不符：{}'),
    'not as': ('is not as {} says', '与 {} 不符'),
    'order': ('is out of order', '次序不对'),
    'time': ('is too early or too late', '过早或过晚'),
}

# ── The form of the file ──────────────────────────────────────────────────────────────────────────────────────────────

# A form is the name of a kind of text; a range of numbers; a set of values; a list for an array, with `...` if there is
# at least one; an Object with members needed and optional; a dictionary for any names; a tuple for one of several.
Object = namedtuple('Object', 'needed optional', defaults=[{}])
TEXTS = {  # pattern; in English, in Chinese
    'text': ('[ -~]{1,200}', '1 to 200 printable ASCII characters', ' 1 至 200 个可打印 ASCII 字符'),
    'name': ('[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}', '1 to 200 characters, none of control', '不含控制字符的 200 字以内名称'),
    'prose': ('[^\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]+', 'text without control characters', '不含控制字符的文字'),
    'hash': ('[0-9a-f]{64}', '64 lower-case hexadecimal digits', ' 64 位小写十六进制数字'),
    'hex': ('([0-9a-f]{2})+', 'lower-case hexadecimal, two digits a byte', '每字节两位的小写十六进制'),
    'digest': ('sha256:[0-9a-f]{64}', 'sha256: and 64 lower-case hexadecimal digits', ' sha256: 和 64 位小写十六进制数字'),
    'instant': ('\\d{4}(-\\d\\d){2}T\\d\\d(:\\d\\d){2}[.]\\d{3}Z', 'as 2026-03-01T08:00:00.000Z', '形如 2026-03-01T08:00:00.000Z'),
}
MATCHES = {name: re.compile(pattern, re.ASCII).fullmatch for name, (pattern, *_) in TEXTS.items()}
NUMBER, FROM_0, FROM_1, FROM_2 = [range(least, 2 ** 53) for least in (1 - 2 ** 53, 0, 1, 2)]
SCHOOL = Object({'id': 'text', 'plan': FROM_0}, {'classes': [Object({'id': 'text'}, {'seats': FROM_0})]})
APPLICANT = Object(
    {'id': 'text', 'choices': ['text']}, {'class': 'text', 'unit': 'text', 'keys': {str: (NUMBER, 'text')}})
ORDER = (Object({'kind': {'lottery'}}),
         Object({'kind': {'listed'}, 'ids': ['text']}),
         Object({'kind': {'ranked'}, 'by': [Object({'key': 'text', 'direction': {'asc', 'desc'}}), ...]}))
ROUND = Object({
    'format': {'ruxue.round.v1'}, 'id': 'text', 'mechanism': {'serial', 'deferred', 'immediate'}, 'schools': [SCHOOL],
    'applicants': [APPLICANT], 'orders': {str: ORDER}}, {'unitOverflow': {'admit', 'skip', 'split'}})
REASON = {'everyone-fits', 'own-seat', 'better-claim', 'over-plan', 'moved-up', 'no-school', 'no-seat',
          'unit-too-large', 'waived'}
ASSIGNMENT = Object({'applicant': 'text', 'school': ('text', {None}), 'choice': (FROM_1, {None}), 'reason': REASON})
RESULT = Object({
    'format': {'ruxue.result.v1'}, 'round': 'text', 'inputDigest': 'digest', 'assignments': [ASSIGNMENT],
    'reserves': {str: ['text']}})
ENTRY = Object({'unit': 'text', 'leaf': 'hash'}, {'ticket': 'hash'})
FROZEN = Object({'id': 'text', 'count': FROM_0, 'list': 'hash', 'root': 'hash', 'schools': 'hash', 'setting': 'hash'})
PROGRAM = Object({'name': 'text', 'version': 'text'})
SOURCE = (Object({'kind': {'witness'}, 'name': 'name', 'commitment': 'hash'}),
          Object({'kind': {'drand'}, 'chain': 'hash', 'publicKey': 'hex', 'scheme': 'text', 'round': FROM_2}))
PART = (Object({'kind': {'witness'}, 'name': 'name', 'at': 'instant', 'secret': 'hash'}),
        Object({'kind': {'witness'}, 'name': 'name', 'absent': {True}}),
        Object({'kind': {'drand'}, 'round': FROM_2, 'signature': 'hex', 'randomness': 'hash'},
               {'previousSignature': 'hex'}))
CHECKED = Object({'id': 'text', 'agreed': {True, False}}, {'alarm': 'prose'})
FIRST = {'at': 'instant', 'hash': 'hash'}
STEP = {**FIRST, 'previous': 'hash'}
TRANSCRIPT = Object({
    'format': {'ruxue.draw.v1'}, 'rule': 'prose',
    'groups': [Object({'round': ROUND, 'entries': [ENTRY]}, {'result': RESULT}), ...],
    'freeze': Object({**FIRST, 'draw': 'text', 'run': FROM_1, 'groups': [FROZEN]}, {'previous': 'hash'})}, {
    'commit': Object({**STEP, 'rule': 'hash', 'engine': PROGRAM, 'sources': [SOURCE, ...]},
                     {'revealBy': 'instant', 'least': FROM_0}),
    'reveal': Object({**STEP, 'parts': [PART]}),
    'draw': Object({**STEP, 'groups': [Object({'id': 'text', 'seed': 'hash', 'result': 'hash'})]}, {'after': 'hash'}),
    'check': Object({**STEP, 'by': [PROGRAM], 'groups': [CHECKED]}),
    'publish': Object(STEP)})
PROOF = Object({'line': 'prose', 'index': FROM_0, 'path': ['hash']})


def faults(form, v, path=()):
    """Where a value is not of its form: paths, each the path before and a name, with the kind of fault."""
    kind = type(form)
    if kind is str:
        if type(v) is str and MATCHES[form](v) and (form != 'instant' or milliseconds(v) is not None):
            return ()
    elif kind is Object and type(v) is dict:
        needed, optional = form
        found = [((path, name), 'missing') for name in needed if name not in v]
        for name, one in v.items():
            inner = needed.get(name) or optional.get(name)
            if type(inner) is str and type(one) is str and inner != 'instant' and MATCHES[inner](one):
                continue  # what is here most often, in a shorter time
            found += faults(inner, one, (path, name)) if inner else [((path, name), 'too many')]
        return found
    elif kind is list and type(v) is list and (v or len(form) == 1):
        if form == ['text'] and all([type(one) is str and MATCHES['text'](one) for one in v]):
            return ()  # in a shorter time, too
        return [fault for i, one in enumerate(v) for fault in faults(form[0], one, (path, i))]
    elif kind is dict and type(v) is dict:
        return [fault for name, one in v.items()
                for fault in faults('text', name, (path, name)) or faults(form[str], one, (path, name))]
    elif kind is tuple:  # those of the form that comes nearest: of the same kind, or the fewest
        found = []
        for one in form:
            found.append(faults(one, v, path))
            if not found[-1]:
                return ()
        if all(some[0][0] == path for some in found):
            return [(path, 'form', form)]
        tells = (path, 'kind'), (path, 'absent')
        return min(found, key=lambda some: (any(at in tells for at, *_ in some), len(some)))
    elif kind is range:
        if type(v) is int and v in form:
            return ()
    elif kind is set and type(v) in (str, bool, type(None)) and v in form:
        return ()
    return [(path, 'form', form)]


def in_words(form, zh):
    kind = type(form)
    if kind is tuple:
        return ('或' if zh else ' or ').join(dict.fromkeys(in_words(one, zh) for one in form))
    return (TEXTS[form][1:] if kind is str else [' | '.join(sorted(map(canonical, form)))] * 2 if kind is set
            else (f'a whole number from {form[0]} to {form[-1]}', f' {form[0]} 至 {form[-1]} 的整数') if kind is range
            else ('an array', '数组') if kind is list else ('an object', '对象'))[zh]


def pointer(path):
    return pointer(path[0]) + '/' + str(path[1]).replace('~', '~0').replace('/', '~1') if path else ''


def milliseconds(instant):
    """Since 1970; None if there is no such date or time."""
    try:
        return (datetime.strptime(instant, '%Y-%m-%dT%H:%M:%S.%fZ') - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    except ValueError:
        return None


def presence(t):
    """Faults of members that are there exactly if something else in the transcript is so."""
    last = max(i for i, name in enumerate(STEPS) if name in t)
    wanted = [(t, (), name, True) for name in STEPS[:last]]
    wanted.append((t['freeze'], ((), 'freeze'), 'previous', t['freeze']['run'] > 1))
    if 'commit' in t:
        witnesses = any(source['kind'] == 'witness' for source in t['commit']['sources'])
        wanted += [(t['commit'], ((), 'commit'), name, witnesses) for name in ('revealBy', 'least')]
    for i, one in enumerate(t['check']['groups'] if 'check' in t else []):
        wanted.append((one, ((((), 'check'), 'groups'), i), 'alarm', not one['agreed']))
    for i, group in enumerate(t['groups']):
        at = (((), 'groups'), i)
        wanted.append((group, at, 'result', 'draw' in t and not is_held(t, i)))
        wanted += [(one, ((at, 'entries'), j), 'ticket', 'draw' in t) for j, one in enumerate(group['entries'])]
    return [((at, name), 'missing' if is_so else 'too many') for v, at, name, is_so in wanted if (name in v) != is_so]


def is_held(t, i):
    return 'check' in t and not all(one['agreed'] for one in t['check']['groups'][i:i + 1])


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


def unit_of(applicant):
    return applicant.get('unit', applicant['id'])


def units_of(applicants):
    """Name of the unit -> its applicants in order of ids, in order of names."""
    units = {}
    for a in sorted(applicants, key=lambda a: a['id']):
        units.setdefault(unit_of(a), []).append(a)
    return dict(sorted(units.items()))


def merkle_root(leaves):
    """RFC 6962: neighbours are joined level by level, and an odd node goes up unchanged."""
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        joined = [hashlib.sha256(b'\x01' + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = joined + level[len(joined) * 2:]
    return level[0].hex() if level else sha256(b'')


def is_included(line, index, path, root, count):
    """Whether the path leads from the line to the root of so many."""
    node, last = hashlib.sha256(b'\x00' + line.encode()).digest(), count - 1
    if index > last:
        return False
    for beside in map(bytes.fromhex, path):
        if last == 0:
            return False
        is_right = index % 2 == 1 or index == last
        node = hashlib.sha256(b'\x01' + (beside + node if is_right else node + beside)).digest()
        while is_right and index % 2 == 0 and index != 0:
            index, last = index // 2, last // 2
        index, last = index // 2, last // 2
    return last == 0 and node.hex() == root


def ticket(seed, unit):
    return sha256(bytes.fromhex(seed) + unit.encode())


# ── What docs/rounds.md refuses ───────────────────────────────────────────────────────────────────────────────────────

def repeated(values):
    """The indexes of values that were there before."""
    seen = set()
    return [i for i, one in enumerate(values) if one in seen or seen.add(one)]


def compared(orders, applicants):
    """Name of an order -> those whom it compares, who chose one of its schools."""
    chose = {name: [] for name in [*orders, 'default']}
    for a in applicants:
        for name in {school if school in orders else 'default' for school in a['choices']}:
            chose[name].append(a)
    return chose


def demands(r):
    """What must be so of a round whose form is right: whether it is, pointer in the round, kind of fault."""
    schools, names = [{one['id'] for one in r[of]} for of in ('schools', 'applicants')]
    orders, chose = r['orders'], compared(r['orders'], r['applicants'])
    first = {}  # of each unit
    for of in ('schools', 'applicants'):
        for i in repeated(one['id'] for one in r[of]):
            yield False, f'/{of}/{i}', 'twice'
    for i, school in enumerate(r['schools']):
        classes = school.get('classes', [])
        for j in repeated(one['id'] for one in classes):
            yield False, f'/schools/{i}/classes/{j}', 'twice'
        yield sum(one.get('seats', 0) for one in classes) <= school['plan'], f'/schools/{i}/classes', 'seats'
        yield school['id'] != 'default', f'/schools/{i}/id', 'default'
        yield school['id'] in orders or 'default' in orders, f'/schools/{i}', 'no order'
    for i, a in enumerate(r['applicants']):
        yield schools.issuperset(a['choices']), f'/applicants/{i}/choices', 'unknown'
        yield len(set(a['choices'])) == len(a['choices']), f'/applicants/{i}/choices', 'twice'
        if 'unit' in a:
            other = first.setdefault(a['unit'], a)
            yield a['unit'] not in names, f'/applicants/{i}/unit', 'unit name'
            yield all(a.get(of) == other.get(of) for of in ('choices', 'class')), f'/applicants/{i}', 'unit'
            kinds = {type(one.get('keys', {}).get('registeredAt')) for one in (a, other)}
            yield len(kinds) == 1, f'/applicants/{i}/keys/registeredAt', 'unit key'
    for name, order in orders.items():
        at = pointer((((), 'orders'), name))
        yield name == 'default' or r['mechanism'] != 'serial' and name in schools, at, 'no school'
        if order['kind'] == 'listed':
            for i in repeated(order['ids']):
                yield False, f'{at}/ids/{i}', 'twice'
            yield names.issuperset(order['ids']), f'{at}/ids', 'unknown'
            yield {a['id'] for a in chose[name]}.issubset(order['ids']), f'{at}/ids', 'left out'
        keys = [a.get('keys', {}) for a in chose[name]]
        for i, one in enumerate(order.get('by', [])):
            kinds = {type(some.get(one['key'])) for some in keys}
            yield kinds in ({int}, {str}, set()), f'{at}/by/{i}', 'key'


# ── The steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

class Verification:
    """Verifies a transcript whose form is right: `findings` is what does not agree, in the order of steps."""

    def __init__(self, transcript):
        self.t = transcript
        self.findings = []
        self.refused = set()  # groups whose round is refused: they cannot be decided
        self.confirmed = {}  # groups held back: whether they were decided then as they are here
        self.hashes = {}  # of each step: the hash that what follows is made from
        self.sound = {}  # of each step: it is what its hash, or the `previous` of the next one, says
        self.chain()
        for self.step in STEPS[:-1]:
            if self.step in transcript:
                getattr(self, self.step)()
        self.findings.sort(key=lambda finding: STEPS.index(finding.step))

    def expect(self, right, at, kind, *details):
        if not right:
            self.findings.append(Finding(self.step, at, kind, details))

    def compare(self, at, stated, computed):
        self.expect(stated == computed, at, 'computed', computed)

    def chain(self):
        """Hashes, `previous` and instants."""
        there = [name for name in STEPS if name in self.t]
        for before, name, after in zip([None, *there], there, [*there[1:], None]):
            self.step, step = name, self.t[name]
            computed = digest(without(step, 'hash'))
            following = after and self.t[after]['previous']
            self.hashes[name] = computed if computed == following else step['hash']
            self.sound[name] = computed in (step['hash'], following)
            self.compare(f'/{name}/hash' if computed == following else f'/{name}', step['hash'], computed)
            if before:
                self.compare(f'/{name}/previous', step['previous'], self.hashes[before])
                at, may_be_equal = self.t[before]['at'], before not in ('freeze', 'commit')
                self.expect(step['at'] > at or may_be_equal and step['at'] == at, f'/{name}/at', 'time')

    def listed(self):
        """The groups with what the step lists for them."""
        groups, listed, at = self.t['groups'], self.t[self.step]['groups'], f'/{self.step}/groups'
        for i, (group, one) in enumerate(zip(groups, listed)):
            self.expect(one['id'] == group['round']['id'], f'{at}/{i}/id', 'not as', f'/groups/{i}/round/id')
            yield i, group, one
        for i in range(min(len(groups), len(listed)), max(len(groups), len(listed))):
            self.expect(False, f'{at}/{i}', 'missing' if i < len(groups) else 'too many')

    def freeze(self):
        for i in repeated(group['round']['id'] for group in self.t['groups']):
            self.expect(False, f'/groups/{i}/round/id', 'twice')
        for i, group in enumerate(self.t['groups']):
            at = f'/groups/{i}/round'
            for of in ('schools', 'applicants'):
                ids = [one['id'] for one in group['round'][of]]
                for j, (one, other) in enumerate(zip(ids, ids[1:]), 1):
                    self.expect(one <= other, f'{at}/{of}/{j}', 'order')
            for right, place, kind in demands(group['round']):
                if not right:
                    self.expect(False, at + place, kind)
                    self.refused.add(i)
        for i, group, frozen in self.listed():
            r, units = group['round'], units_of(group['round']['applicants'])
            for member, beside, computed in (
                    ('schools', 'round/schools', digest(r['schools'])),
                    ('setting', 'round', digest(without(r, 'schools', 'applicants'))),
                    ('count', 'entries', len(units))):
                # Where the freeze is what its hash says, what stands beside it was changed.
                at = f'/groups/{i}/{beside}' if self.sound['freeze'] else f'/freeze/groups/{i}/{member}'
                self.compare(at, frozen[member], computed)
            self.canonical_list(i, group, units, frozen)

    def canonical_list(self, i, group, units, frozen):
        """The list, its root, and the entries."""
        lines = [canonical([name, members]) for name, members in units.items()]
        leaves = [sha256(b'\x00' + line.encode()) for line in lines]
        right, stated = list(zip(units, leaves)), [(entry['unit'], entry['leaf']) for entry in group['entries']]
        computed = {'list': sha256(in_lines(lines)), 'root': merkle_root(leaves)}
        wrong = [name for name in computed if computed[name] != frozen[name]]
        if len(wrong) == 2:  # the applicants are not those of the freeze
            leaf_of, stated_of, names = dict(right), dict(stated), map(unit_of, group['round']['applicants'])
            faulty = [f'round/applicants/{j}' for j, name in enumerate(names) if stated_of.get(name) != leaf_of[name]]
        else:
            faulty = [f'entries/{j}/{"unit" if one[0] != other[0] else "leaf"}'
                      for j, (one, other) in enumerate(zip(stated, right)) if one != other]
            faulty = faulty if len(stated) == len(right) else []
        if stated != right and (not faulty or len(wrong) == 2 and [unit for unit, _ in stated] != list(units)):
            faulty.append('entries')
        for place in faulty:
            self.expect(False, f'/groups/{i}/{place}', 'not as', 'its unit')
        if not faulty or not self.sound['freeze']:
            for name in wrong:
                self.compare(f'/freeze/groups/{i}/{name}', frozen[name], computed[name])

    def commit(self):
        commit, sources = self.t['commit'], self.t['commit']['sources']
        self.compare('/rule' if self.sound['commit'] else '/commit/rule', commit['rule'], sha256(self.t['rule']))
        for member in ('name', 'commitment'):
            for i in repeated(source.get(member, i) for i, source in enumerate(sources)):
                self.expect(False, f'/commit/sources/{i}/{member}', 'twice')
        drand = [i for i, source in enumerate(sources) if source['kind'] == 'drand']
        for i in drand:
            at, source = f'/commit/sources/{i}', sources[i]
            self.expect(i == drand[0], at, 'twice')
            self.expect(source['chain'] in DRAND, f'{at}/chain', 'unknown')
            if source['chain'] in DRAND:
                for member, right in zip(('scheme', 'publicKey'), DRAND[source['chain']]):
                    self.expect(source[member] == right, f'{at}/{member}', 'not as', f'{at}/chain')
                latest = max(commit['at'], commit.get('revealBy', commit['at']))
                self.expect(comes(source) > milliseconds(latest), f'{at}/round', 'time')
        if 'least' in commit:
            possible = range(0 if drand else 1, len(sources) - len(drand) + 1)
            self.expect(commit['least'] in possible, '/commit/least', 'form', possible)
            self.expect(commit['revealBy'] >= commit['at'], '/commit/revealBy', 'time')

    def reveal(self):
        commit, reveal = self.t['commit'], self.t['reveal']
        self.expect(len(reveal['parts']) == len(commit['sources']), '/reveal/parts', 'not as', '/commit/sources')
        for i, (source, part) in enumerate(zip(commit['sources'], reveal['parts'])):
            at, of = f'/reveal/parts/{i}', f'/commit/sources/{i}'
            if (part['kind'], part.get('name')) != (source['kind'], source.get('name')):
                self.expect(False, at, 'not as', of)
            elif 'absent' in part:
                self.expect(reveal['at'] > commit['revealBy'], '/reveal/at', 'time')
            elif part['kind'] == 'witness':
                lines = ['ruxue.draw.v1 witness', self.hashes['freeze'], part['name'], part['secret']]
                self.expect(sha256(in_lines(lines)) == source['commitment'], at, 'not as', f'{of}/commitment')
                in_time = commit['at'] < part['at'] <= min(commit['revealBy'], reveal['at'])
                self.expect(in_time, f'{at}/at', 'time')
            else:  # the BLS signature of drand is left out
                randomness = sha256(bytes.fromhex(part['signature']))
                self.expect(part['round'] == source['round'], f'{at}/round', 'not as', f'{of}/round')
                self.expect(randomness == part['randomness'], f'{at}/signature', 'not as', f'{at}/randomness')
                if source['chain'] in DRAND:
                    for member, size in zip(('signature', 'previousSignature'), DRAND[source['chain']][4:]):
                        self.expect(len(part.get(member, '')) == size * 2, f'{at}/{member}', 'not as', f'{of}/chain')
                    self.expect(milliseconds(reveal['at']) >= comes(source), '/reveal/at', 'time')

    def draw(self):
        self.expect(enough(self.t), '/draw', 'not as', '/commit/least')
        revealed = [f'{part["kind"]} {part.get("randomness", part.get("secret", "absent"))}'
                    for part in self.t['reveal']['parts']]
        lists = [frozen['list'] for frozen in self.t['freeze']['groups']]
        for i, group, drawn in self.listed():
            at, there = f'/groups/{i}', f'/draw/groups/{i}'
            lines = ['ruxue.draw.v1 seed', group['round']['id'], *lists[i:i + 1], self.hashes['commit'], *revealed]
            self.compare(f'{there}/seed', drawn['seed'], sha256(in_lines(lines)))
            for j, entry in enumerate(group['entries']):
                self.compare(f'{at}/entries/{j}/ticket', entry['ticket'], ticket(drawn['seed'], entry['unit']))
            right = group.get('result') if i in self.refused else result_of(group['round'], drawn['seed'])
            if right and is_held(self.t, i):
                self.confirmed[i] = drawn['result'] == digest(right)
            elif right:
                self.compare(f'{there}/result', drawn['result'], digest(right))
                for place, computed in differences(group.get('result', right), right, f'{at}/result'):
                    self.expect(False, place, 'computed', computed)

    def check(self):
        self.expect(len({program['name'] for program in self.t['check']['by']}) > 1, '/check/by', 'missing')
        list(self.listed())


def comes(source):
    """The instant at which a round of drand comes, in milliseconds since 1970."""
    _, _, genesis, period, _, _ = DRAND[source['chain']]
    return (genesis + (source['round'] - 1) * period) * 1000


def enough(t):
    """Whether as many witnesses have revealed as must."""
    return sum('secret' in part for part in t['reveal']['parts']) >= t['commit'].get('least', 0)


def differences(stated, right, at):
    """Where two values part, and what is right there."""
    if type(stated) is type(right) is dict and stated.keys() == right.keys():
        return [one for name in stated for one in differences(stated[name], right[name], at + pointer(((), name)))]
    if type(stated) is type(right) is list and len(stated) == len(right):
        return [one for i, (a, b) in enumerate(zip(stated, right)) if a != b for one in differences(a, b, f'{at}/{i}')]
    return [(at, right)] if stated != right else []


# ── The decision; the numbers are those of docs/draw.md ───────────────────────────────────────────────────────────────

class School:
    def __init__(self, school):
        self.id, self.plan, classes = school['id'], school['plan'], school.get('classes', [])
        self.own = {one['id']: one['seats'] for one in classes if 'seats' in one}  # seats by class
        self.tiers = [one['id'] for one in classes if 'seats' not in one]  # and after these, all others
        self.claims = []  # the best first
        self.of_units = []  # those of units of two or more
        self.got = []  # in a run: claims that it holds, and refused ones of units

    def there(self):
        return [claim for claim in self.claims if claim.choice == claim.by.held]

    def wishes(self):
        return [claim for claim in self.claims if claim.choice < claim.by.held]


class Claimant:
    def __init__(self, unit, members):
        self.unit, self.size, self.kind = unit, len(members), members[0].get('class')
        self.members = [a['id'] for a in members]
        self.choices = members[0]['choices']
        self.claims = [None] * len(self.choices)
        self.held = 0  # the index of the choice it has; if it has none, their number


Claim = namedtuple('Claim', 'place choice by school kind')  # `kind`: the class of which it may take own seats


def claimants_of(r):
    """Units, or their members in order of registration where they are split (1)."""
    for unit, members in units_of(r['applicants']).items():
        members.sort(key=lambda a: (a.get('keys', {}).get('registeredAt'), a['id']))
        for some in [[a] for a in members] if r.get('unitOverflow') == 'split' else [members]:
            yield Claimant(unit, some)


def put_in_order(r, seed, schools, claimants):
    """The claims to each school, the best first (2)."""
    immediate = r['mechanism'] == 'immediate'
    tickets = {claimant.unit: ticket(seed, claimant.unit) for claimant in claimants}
    chose = compared(r['orders'], sorted(r['applicants'], key=lambda a: tickets[unit_of(a)]))
    units = {a['id']: unit_of(a) for a in r['applicants']}
    places = {name: places_in(order, chose[name], units) for name, order in r['orders'].items()}
    for member, claimant in enumerate(claimants):
        for choice, name in enumerate(claimant.choices):
            school = schools[name]
            tier = school.tiers.index(claimant.kind) if claimant.kind in school.tiers else len(school.tiers)
            before = (choice if immediate else 0) * (len(school.tiers) + 1) + tier  # outweighs any place in the order
            place = places[name if name in places else 'default'][claimant.unit]
            school.claims.append((before * len(units) + place, member, choice, claimant))
    for school in schools.values():
        school.claims.sort()
        for place, (_, _, choice, claimant) in enumerate(school.claims):
            kind = claimant.kind if claimant.kind in school.own else None
            claimant.claims[choice] = school.claims[place] = Claim(place, choice, claimant, school, kind)
        school.of_units = [claim for claim in school.claims if claim.by.size > 1]


def places_in(order, applicants, units):
    """Unit -> its place in an order: that of its member who stands last. The applicants are in order of tickets."""
    for one in reversed(order.get('by', [])):  # who is equal stays in the order of the keys behind, or of tickets
        applicants.sort(key=lambda a, key=one['key']: a['keys'][key], reverse=one['direction'] == 'desc')
    return {units[a]: i for i, a in enumerate(order.get('ids') or [a['id'] for a in applicants])}


class Seats:
    """Seats in reach of claims that have their turns in order (3)."""

    def __init__(self, plan, own, claims):
        self.left, self.own, self.unneeded, self.open = plan, dict(own), dict(own), plan
        if own:
            for claim in claims:
                if claim.kind is not None:
                    self.unneeded[claim.kind] = max(0, self.unneeded[claim.kind] - claim.by.size)
            self.open = max(0, plan - sum(own.values()) + sum(self.unneeded.values()))

    def found(self, claim):
        """Own seats, and all seats in reach."""
        own = min(claim.by.size, self.own.get(claim.kind, 0))
        return own, min(self.left, own + self.open)

    def take(self, claim, own):
        opened = min(self.open, claim.by.size - own)
        if own:
            self.own[claim.kind] -= own
        self.open -= opened
        self.left -= own + opened


def deferred_acceptance(schools, claimants, overflow, passed_over):
    """All claim the first school of their list, then whoever is refused the next, until nobody moves (4).

    In which order they claim changes nothing. A school without own seats refuses its weakest claims as soon as there
    are too many; one with own seats goes through all that it has got when nobody else moves."""
    for school in schools:
        school.got, school.left, school.refused = [], school.plan, None
    for claimant in claimants:
        claimant.held = -1
    moving, asked = list(claimants), set()
    while moving or asked:
        if not moving:
            moving = [claimant for school in asked for claimant in refused_by(school, overflow)]
            asked.clear()
            continue
        claimant = moving.pop()
        claimant.held += 1
        if claimant.held == len(claimant.claims):
            continue
        claim = claimant.claims[claimant.held]
        school = claim.school
        if claimant.size > 1 and claim in passed_over or school.refused and claim > school.refused:
            moving.append(claimant)
        elif school.own:
            school.got.append(claim)
            asked.add(school)
        else:
            insort(school.got, claim)
            school.left -= claimant.size
            while school.left < 0 and not (overflow == 'admit' and school.left + school.got[-1].by.size > 0):
                school.refused = school.got.pop()
                school.left += school.refused.by.size
                moving.append(school.refused.by)


def refused_by(school, overflow):
    """A school with own seats goes through all claims it has got; gives the claimants that it refuses now."""
    school.got.sort()
    seats, kept, now = Seats(school.plan, school.own, school.got), [], []
    for claim in school.got:
        own, reach = seats.found(claim)
        seats.take(claim, own)
        refused_before = claim.choice < claim.by.held
        if refused_before or reach < (1 if overflow == 'admit' else claim.by.size):
            seats.open = 0
            if not refused_before:
                now.append(claim.by)
            if claim.by.size == 1:
                continue
        kept.append(claim)
    school.got = kept
    return now


def look(school):
    """The wishes of units of two or more for a school, in order, each with the seats that it finds in reach (5)."""
    wishes = [claim for claim in school.of_units if claim.choice < claim.by.held]
    there = school.there() if wishes else []
    seats = Seats(school.plan, school.own, there)
    for claim in sorted(there + wishes):
        own, _ = seats.found(claim)
        if claim.choice == claim.by.held:
            seats.take(claim, own)
        else:
            yield claim, own + max(0, seats.open - min(claim.by.size, seats.unneeded.get(claim.kind, 0)))


def decide(schools, claimants, overflow):
    """Deferred acceptance, in as many runs as it needs (5)."""
    passed_over, before, ended = frozenset(), set(), False
    while True:
        deferred_acceptance(schools, claimants, overflow, passed_over)
        if overflow != 'skip' or all(claimant.size == 1 for claimant in claimants):
            return
        ended = ended or passed_over in before
        before.add(passed_over)
        changed = set()
        for school in schools:
            wishes = [(claim, reach, claim in passed_over) for claim, reach in look(school)]
            here = {claim for claim, reach, is_passed in wishes
                    if (reach >= claim.by.size and not ended if is_passed else 0 < reach < claim.by.size)}
            enough = [claim for claim, reach, is_passed in wishes if reach >= claim.by.size and not is_passed]
            changed |= here or set(enough[-1:])
        if not changed:
            return give_free_seats(schools) if ended else None
        passed_over = passed_over ^ changed


def give_free_seats(schools):
    """Moves claimants to free seats (6)."""
    asked = set(schools)
    while asked:
        offers = {}  # claimant: the claims to which it has an offer
        for school in asked:
            for claim in offered(school):
                offers.setdefault(claim.by, []).append(claim)
        asked = set()
        for claimant, claims in offers.items():
            best = min(claims, key=lambda claim: claim.choice)
            left = claimant.claims[claimant.held:claimant.held + 1]
            asked.update(claim.school for claim in [*claims, *left] if claim is not best)
            claimant.held = best.choice


def offered(school):
    """The wishes to which a school offers its free seats."""
    free, own, wishes = school.plan, dict(school.own), school.wishes()
    for claim in school.there():
        free -= claim.by.size
        if claim.kind is not None:
            own[claim.kind] = max(0, own[claim.kind] - claim.by.size)
    among, too_large = wishes, True
    while too_large:
        seats, offers, too_large = Seats(max(0, free), own, among), [], None
        for claim in among:
            kept, reach = seats.found(claim)
            if reach >= claim.by.size:
                offers.append(claim)
                seats.take(claim, kept)
            elif reach > 0:
                too_large = claim
                among = [one for one in among if one is not claim]
                break
    free -= sum(claim.by.size for claim in offers)
    for claim in wishes:
        if claim not in offers and claim.by.size <= free:
            offers.append(claim)
            free -= claim.by.size
    return offers


def result_of(r, seed):
    """The result of a round that is not refused."""
    schools = {one['id']: School(one) for one in sorted(r['schools'], key=lambda one: one['id'])}
    claimants, overflow = list(claimants_of(r)), r.get('unitOverflow', 'skip')
    put_in_order(r, seed, schools, claimants)
    decide(schools.values(), claimants, overflow)
    placed = sorted(assignments(schools.values(), claimants, overflow), key=lambda one: one['applicant'])
    reserves = {name: [a for claim in one.wishes() for a in claim.by.members] for name, one in schools.items()}  # (8)
    lines = [{**without(r, 'schools', 'applicants'), 'seed': seed}]  # (9)
    for of in ('schools', 'applicants'):
        lines += sorted(r[of], key=lambda one: one['id'])
    return {'format': 'ruxue.result.v1', 'round': r['id'], 'assignments': placed, 'reserves': reserves,
            'inputDigest': 'sha256:' + sha256(in_lines(map(canonical, lines)))}


def assignments(schools, claimants, overflow):
    """Where each applicant is, and why (7)."""
    too_large = set()
    for school in schools:
        if overflow == 'skip':
            too_large.update(claim.by for claim, reach in look(school) if reach > 0)
        there, wishes = school.there(), school.wishes()
        seats = Seats(school.plan, school.own, there)
        for claim in there:
            own, reach = seats.found(claim)
            seats.take(claim, own)
            for i, a in enumerate(claim.by.members):
                reason = ('over-plan' if i >= reach else 'everyone-fits' if not wishes else
                          'own-seat' if i < own else 'better-claim')
                yield {'applicant': a, 'school': school.id, 'choice': claim.choice + 1, 'reason': reason}
    for claimant in claimants:
        if claimant.held == len(claimant.claims):
            reason = 'no-school' if not claimant.claims else 'unit-too-large' if claimant in too_large else 'no-seat'
            for a in claimant.members:
                yield {'applicant': a, 'school': None, 'choice': None, 'reason': reason}


# ── The report ────────────────────────────────────────────────────────────────────────────────────────────────────────

def read(content, form):
    """What stands in a file, and why it cannot be read, if it cannot."""
    try:
        v = json.loads(content.decode(), parse_float=int, parse_constant=int)  # int refuses 1.0, 1e0 and NaN
    except (ValueError, RecursionError) as error:
        return None, [Finding('file', '', 'not json', [str(error)])]
    if form is PROOF and type(v) is dict:
        v = {name: v[name] for name in form.needed if name in v}  # its other members are not looked at
    wrong = faults(form, v) or form is TRANSCRIPT and presence(v) or ()
    return v, [Finding('file', pointer(path), kind, details) for path, kind, *details in wrong]


def report(done, findings, file, zh):
    """What --json prints. `done`: the verification of a transcript, if one was read."""
    groups, t = [], done and done.t
    for i, group in enumerate(t['groups'] if t else []):
        below = tuple(f'{at}/groups/{i}/' for at in ('', '/freeze', '/draw', '/check'))
        agreed = not any((found.at + '/').startswith(below) for found in findings)
        confirmed = {'confirmed': done.confirmed[i]} if i in done.confirmed else {}
        groups.append({'id': group['round']['id'], 'agreed': agreed, 'held': is_held(t, i), **confirmed})
    said = [{'step': step, 'at': at, 'what': SAYS[kind][zh].format(*[
        in_words(one, zh) if kind == 'form' else one if type(one) is str else canonical(one) for one in details
    ])} for step, at, kind, details in findings]
    last = [t[name]['hash'] for name in STEPS if name in t][-1] if t else None
    return {'agreed': not findings, 'file': file, 'hash': last, 'groups': groups, 'findings': said}


def notes(t, summary):
    """What there is to say besides findings, in English and Chinese."""
    draw, run, last = t['freeze']['draw'], t['freeze']['run'], [name for name in STEPS if name in t][-1]
    yield (f'Draw {draw}, run {run}, as far as the step {last}. Its hash: {summary["hash"]}',
           f'摇号 {draw}，第 {run} 次，至 {last} 步骤。其摘要：{summary["hash"]}')
    for i, group in enumerate(summary['groups']):
        en, zh = ('agrees', '一致') if group['agreed'] else ('does not agree', '不一致')
        if group['held']:
            alarm = t['check']['groups'][i]['alarm']
            en, zh = f'{en}; it is held back: {alarm}', f'{zh}；暂缓公布：{alarm}'
        yield f'Group {group["id"]} {en}', f'组 {group["id"]} {zh}'
        if 'confirmed' in group:
            en, zh = ('is the same', '相同') if group['confirmed'] else ('is another', '不同')
            yield f'  What was decided of it then {en} here: no fault', f'  当时的结果与此处{zh}，这不是记录的错误'
    parts = t['reveal']['parts'] if 'reveal' in t else []
    absent = [part['name'] for part in parts if 'absent' in part]
    if absent:
        yield 'Absent witnesses: ' + ', '.join(absent), '缺席见证人：' + '、'.join(absent)
    if 'reveal' in t and not enough(t):
        yield 'Too few witnesses have revealed: there is no draw.', '揭示的见证人不足：本次不摇号。'
    if any(part['kind'] == 'drand' for part in parts):
        yield ('Left out: the BLS signature of drand. That the randomness is its SHA-256 is verified.',
               '未验证：drand 的 BLS 签名。已验证随机值为签名的 SHA-256。')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('transcript', nargs='?')
    parser.add_argument('--inclusion', metavar='PROOF')
    parser.add_argument('--root')
    parser.add_argument('--count', type=int)
    parser.add_argument('--lang', choices=['zh', 'en'], default='en')
    parser.add_argument('--json', action='store_true')
    options = parser.parse_args()
    file, proof, zh = options.transcript or options.inclusion, options.inclusion is not None, options.lang == 'zh'
    if {options.transcript is None, options.root is not None, options.count is not None} != {proof} or (
            proof and not MATCHES['hash'](options.root)):
        parser.error('needs a transcript, or a proof with --root (64 lower-case hexadecimal digits) and --count')
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding='utf-8', errors='backslashreplace')
    gc.disable()  # nothing is thrown away before the end
    try:
        with open(0 if file == '-' else file, 'rb') as opened:
            v, findings = read(opened.read(), PROOF if proof else TRANSCRIPT)
    except OSError:
        v, findings = None, [Finding('file', '', 'unopened', [file])]
    code, done, said = 2 if findings else 0, None, []
    if code == 0 and proof:
        said = [(v['line'],) * 2]
        if not is_included(**v, root=options.root, count=options.count):
            findings = [Finding('freeze', '', 'not in', ())]
    elif code == 0:
        done = Verification(v)
        findings = done.findings
    summary = report(done, findings, file, zh)
    for pair in notes(v, summary) if done else said:
        print(pair[zh], file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        for one in summary['findings'][:SHOWN]:
            print(f'{one["step"]} {one["at"]}: {one["what"]}')
        if len(findings) > SHOWN:
            print(f'… 另有 {len(findings) - SHOWN} 处' if zh else f'… and {len(findings) - SHOWN} more')
        if not findings:
            print((('It is in the list.', '在名单中。') if proof else ('Everything else agrees.', '其余全部一致。'))[zh])
    return code or int(bool(findings))


if __name__ == '__main__':
    code = main()
    sys.stdout.flush()
    os._exit(code)  # to tidy up so much memory takes seconds
