import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentContract, type Contract } from '../../scripts/contract/contract.mts';
import { differences } from '../../scripts/contract/differences.mts';
import { versionProblems } from '../../scripts/contract/versionProblems.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { copyOf, objectAt } from '../../testkit/providers/samples.mts';
import type { JsonObject, JsonValue } from '../../testkit/providers/senders.mts';

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
const promised = JSON.parse(read('test/package/contract.json')) as Contract;

it('the package keeps what contract.json promises, or CHANGELOG.md accounts for the change', () => {
	expect(versionProblems(promised, currentContract(), read('CHANGELOG.md'))).toEqual([]);
});

/** The contract with another value at a path; `undefined` removes what is there. */
function withChange(path: string, value: JsonValue | undefined): Contract {
	const contract = copyOf(promised);
	const keys = path.split(' › ');
	const last = keys.pop() ?? '';
	const parent = keys.reduce<JsonObject>((at, key) => objectAt(at, key), contract);
	if (value === undefined) delete parent[last];
	else parent[last] = value;
	return contract;
}

/** A value at a path, what is said of it, and what a line of the changelog may call it. */
type Change = [path: string, value: JsonValue | undefined, says: string, name: string];

const GEN = 'nodes › genTrigger@2';
const FIELDS = `${GEN} › parameters`;
const ORDER_FIELDS = 'nodes › gestaoOnline@1 › parameters';
const ITEM = 'items › Gen/v2.0.0';
const OUTPUTS = 'nodes › goatComTrigger@2 › outputs';
const events =
	'ORDER_CREATED ORDER_APPROVED ORDER_REJECTED ORDER_UPDATE CART_ABANDONED other'.split(' ');
const swapped = [events[1], events[0], ...events.slice(2)].flatMap((event) => event ?? []);
const optional = { type: 'string', default: '' };
const reversedItem = Object.fromEntries(
	Object.entries(promised.items['Gen/v2.0.0'] ?? {}).reverse(),
);

const NEW_DEFAULT: Change = [`${FIELDS} › simplify › default`, false, 'was true and', 'simplify'];
const BREAKING: Change[] = [
	NEW_DEFAULT,
	[`${FIELDS} › events › default`, ['*', 'other'], 'was ["*"] and', 'genTrigger.events'],
	[GEN, undefined, 'is gone', 'genTrigger'],
	[`${GEN} › credentials`, ['genApi'], '› "genWebhookApi" is gone', 'genTrigger.credentials'],
	[`${GEN} › webhooks`, [{ path: 'hook' }], 'was [{"name', 'genTrigger.webhooks'],
	[`${FIELDS} › customEvents`, undefined, 'is gone', 'genTrigger.customEvents'],
	[`${FIELDS} › customEvents › type`, 'json', 'was "string" and', 'genTrigger.customEvents'],
	[`${FIELDS} › customEvents › required`, true, 'is new', 'genTrigger.customEvents'],
	[`${FIELDS} › more`, { ...optional, required: true }, 'is new', 'genTrigger.more'],
	[`${FIELDS} › options.duplicateWindow › default`, 60, 'was 600', 'options.duplicateWindow'],
	[
		`${ORDER_FIELDS} › operation › values`,
		['get', 'create', 'new'],
		'› "cancel" is gone',
		'operation',
	],
	['nodes › gen@1 › parameters › limit (event, getAll, false) › default', 9, 'was 50', 'gen.limit'],
	[OUTPUTS, ['NEW', ...events], '› 0 was "ORDER_CREATED" and is "NEW"', 'goatComTrigger.outputs'],
	[OUTPUTS, swapped, '› 1 was "ORDER_APPROVED" and', 'goatComTrigger.outputs'],
	['credentials › genApi › sellerId', undefined, 'is gone', 'genApi.sellerId'],
	['credentials › genApi › refreshToken › secret', undefined, 'is gone', 'genApi.refreshToken'],
	[`${ITEM} › payment.method`, undefined, 'is gone', 'payment.method'],
	[`${ITEM} › order.total`, 'string', 'was "number or null" and is "string"', 'order.total'],
	[ITEM, reversedItem, 'has its keys in another order', 'Gen/v2.0.0'],
	['answers › accepted', '202 {}', 'was "200 {\\"received\\":true}" and', 'accepted'],
];

const NEW_KEY: Change = [`${ITEM} › more`, 'string', 'is new', 'more'];
const HARMLESS: Change[] = [
	NEW_KEY,
	['nodes › genTrigger@3', { displayName: 'Gen Trigger' }, 'is new', 'genTrigger'],
	[`${GEN} › displayName`, 'Genpag', 'was "Gen Trigger" and', 'genTrigger.displayName'],
	[`${FIELDS} › more`, optional, 'is new', 'genTrigger.more'],
	[`${FIELDS} › more`, { ...optional, default: 'a', required: true }, 'is new', 'genTrigger.more'],
	[`${ORDER_FIELDS} › customerName › required`, undefined, 'is gone', 'customerName'],
	[OUTPUTS, [...events, 'NEW'], '› 6 is new', 'goatComTrigger.outputs'],
];

const published = (version: string, note = '') =>
	`# Changelog\n\n## Unreleased\n\n${note}\n\n## ${version} - 2027-01-31\n\n- First.\n`;

function problemsAt([path, value]: Change, version: string, next: string, changelog: string) {
	const after = { ...withChange(path, value), version: next };
	return versionProblems({ ...promised, version }, after, changelog).join('\n');
}

describe.each([
	{ breaks: true, changes: BREAKING, example: NEW_DEFAULT, mark: '**Breaking** ' },
	{ breaks: false, changes: HARMLESS, example: NEW_KEY, mark: '' },
])('a change that breaks saved workflows: $breaks', ({ breaks, changes, example, mark }) => {
	it.each(changes)('%s (%#)', (...change) => {
		const [path, value, says, name] = change;
		const seen = differences(promised, withChange(path, value));
		expect(seen).toContainEqual({
			breaks,
			change: expect.stringContaining(`${path} ${says}`),
			name: expect.any(String),
		});
		expect(seen.some((one) => one.breaks)).toBe(breaks);
		const changelog = published('0.2.0', `- ${mark}\`${name}\` changed.`);
		expect(problemsAt(change, '0.2.0', '0.3.0', changelog)).toBe('');
	});

	const [path, , , name] = example;

	it('has to be meant before the first release', () => {
		const draft = '# Changelog\n\n## Unreleased (1.0.0)\n\n- First.\n';
		const problems = problemsAt(example, '1.0.0', '1.0.0', draft);
		expect(problems).toContain(path);
		expect(problems).toContain('run npm run contract');
	});

	it('has to be in the changelog after a release', () => {
		expect(problemsAt(example, '0.2.0', '0.3.0', published('0.2.0'))).toContain(path);
	});

	it(`is ${breaks ? 'refused' : 'fine'} within 1.x`, () => {
		const changelog = published('1.2.0', `- **Breaking** \`${name}\` changed.`);
		const within = problemsAt(example, '1.2.0', '1.3.0', changelog);
		expect(within.includes(path)).toBe(breaks);
		expect(problemsAt(example, '1.2.0', '2.0.0', changelog)).toBe('');
	});
});

it('a breaking change is not accounted for by a line that does not say so', () => {
	const changelog = published('0.2.0', '- `genTrigger.simplify` changed.');
	expect(problemsAt(NEW_DEFAULT, '0.2.0', '0.3.0', changelog)).toContain(
		'begins with **Breaking**, names `genTrigger.simplify`',
	);
});

it('the changelog has the version that is promised', () => {
	expect(versionProblems(promised, promised, '# Changelog\n')).toEqual([
		expect.stringContaining(`no section for ${promised.version}`),
	]);
});
