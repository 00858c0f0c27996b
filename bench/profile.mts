// Shows where n8n's main thread spends its time while this package's trigger accepts deliveries, by whose code runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { senderOf } from '../testkit/providers/senders.mts';
import { INSPECTABLE, Inspector, type Frame } from '../testkit/n8n/inspector.mts';
import { packPackage } from '../testkit/n8n/package.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';
import { byPackage, PROVIDERS } from './contenders.mts';
import { replaceSection, UNIQUE } from './report.mts';
import { withN8n } from './withN8n.mts';

const SECONDS = 10;
const ENGINES = { default: {}, legacy: { N8N_EXPRESSION_ENGINE: 'legacy' } };

const OWN = 'this package, with all that it calls';

/** Whose code a stack is in, by its innermost file; what this package calls counts as its own. */
function ownerOf(stack: Frame[]): string {
	if (stack.some(({ url }) => url.includes('/n8n-nodes-brazil-commerce/dist/'))) return OWN;
	const [inner] = stack;
	if (inner?.functionName === '(garbage collector)') return 'garbage collection';
	const file = stack.find(({ url }) => url !== '')?.url ?? '';
	if (/isolated-vm|expression-runtime/.test(file)) return 'expression isolates';
	if (/typeorm|sqlite3/.test(file)) return 'the database, from JavaScript';
	if (/node_modules\/(n8n|n8n-core|n8n-workflow|@n8n)\//.test(file)) return "n8n's own code";
	if (inner?.functionName === '(program)') return 'native code';
	return 'Node.js and other libraries';
}

/** The shares of the time in which something was done. */
async function sharesOf(
	tarball: string,
	env: Record<string, string>,
): Promise<Map<string, number>> {
	return await withN8n(tarball, { ...INSPECTABLE, ...env }, async (n8n) => {
		const contender = await byPackage(n8n, 'goatCom');
		const sale = senderOf('goatCom').sample(PROVIDERS.goatCom.wanted);
		const body = JSON.stringify({ ...sale, id: UNIQUE });
		const deliver = async (duration: number) =>
			await autocannon({
				url: contender.url,
				method: 'POST',
				headers: contender.headers(body, true),
				body,
				connections: 8,
				duration,
				idReplacement: true,
				timeout: 30,
			});
		await deliver(2);
		const inspector = await Inspector.attach(n8n);
		const stacks = await inspector.profile(async () => await deliver(SECONDS));
		inspector.detach();
		const busy = stacks.filter(([inner]) => inner?.functionName !== '(idle)');
		const shares = new Map<string, number>();
		for (const stack of busy) {
			const owner = ownerOf(stack);
			shares.set(owner, (shares.get(owner) ?? 0) + 1 / busy.length);
		}
		return shares;
	});
}

async function main(): Promise<void> {
	const tarball = await packPackage(console.log);
	const columns = new Map<string, Map<string, number>>();
	for (const [engine, env] of Object.entries(ENGINES)) {
		columns.set(engine, await sharesOf(tarball, env));
	}
	const owners = [...new Set([...columns.values()].flatMap((shares) => [...shares.keys()]))];
	const percent = (share = 0) => `${(share * 100).toFixed(1)} %`;
	const [first] = columns.values();
	owners.sort((a, b) => (first?.get(b) ?? 0) - (first?.get(a) ?? 0));
	const text = [
		`| share of the busy time | ${[...columns.keys()].map((engine) => `${engine} engine`).join(' | ')} |`,
		`|---|${[...columns].map(() => '---|').join('')}`,
		...owners.map(
			(owner) =>
				`| ${owner} | ${[...columns.values()].map((shares) => percent(shares.get(owner))).join(' | ')} |`,
		),
	].join('\n');
	console.log(`\n${text}`);
	if (!process.argv.includes('--write')) return;
	const file = join(repositoryRoot, 'docs', 'performance.md');
	writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'profile', text));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
