// A second implementation for tests that does not confirm the first group of any draw.
let text = ''
for await (const chunk of process.stdin) text += chunk
const { groups, draw } = JSON.parse(text)
const found = [{ step: 'draw', at: '/groups/0/result', what: 'not mine' }]
process.stdout.write(JSON.stringify({ agreed: false, file: '-', hash: draw.hash, groups: groups.map(({ round }, index) => ({ id: round.id, agreed: index > 0 })), findings: found }))
process.exitCode = 1
