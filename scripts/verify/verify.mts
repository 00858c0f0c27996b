// Packs this package and checks the tarball as n8n's reviewers do: a line per rule, and 1 as exit code when one is broken.
import { packPackage } from '../../testkit/n8n/package.mts';
import { readPackage } from './readPackage.mts';
import { RULES } from './rules.mts';

const SHOWN_PROBLEMS = 20;

async function main(): Promise<number> {
	const verified = await readPackage(await packPackage());
	const { name, version } = verified.manifest;
	console.log(
		`${name} ${version}: ${verified.files.size} files, ${Math.ceil(verified.bytes / 1024)} KB packed`,
	);
	let brokenRules = 0;
	for (const rule of RULES) {
		const problems = rule.problems(verified);
		console.log(`${problems.length === 0 ? '✓' : '✗'} ${rule.name}`);
		if (problems.length === 0) continue;
		brokenRules += 1;
		for (const problem of problems.slice(0, SHOWN_PROBLEMS)) console.log(`    ${problem}`);
		const rest = problems.length - SHOWN_PROBLEMS;
		if (rest > 0) console.log(`    and ${rest} more`);
		console.log(`  → ${rule.todo}`);
	}
	console.log(
		brokenRules === 0
			? `All ${RULES.length} rules are kept.`
			: `${brokenRules} of ${RULES.length} rules are broken.`,
	);
	return brokenRules === 0 ? 0 : 1;
}

process.exitCode = await main();
