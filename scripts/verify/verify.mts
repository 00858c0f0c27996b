// Packs this package and checks what n8n's linter and scanner do not: a line per rule, and 1 as exit code when one is broken.
import { packPackage } from '../../testkit/n8n/package.mts';
import { readPacked } from './packed.mts';
import { RULES } from './rules.mts';

const packed = await readPacked(await packPackage());
const results = RULES.map(({ problems, ...rule }) => ({ ...rule, problems: problems(packed) }));
const broken = results.filter(({ problems }) => problems.length > 0).length;
for (const { name, todo, problems } of results) {
	console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}`);
	for (const problem of problems) console.log(`    ${problem}`);
	if (problems.length > 0) console.log(`  → ${todo}`);
}
console.log(`${RULES.length - broken} of ${RULES.length} rules are kept.`);
process.exitCode = broken === 0 ? 0 : 1;
