import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	currentContract,
	type Contract,
	type NodeContract,
} from '../../scripts/contract/contract.mts';
import { differences } from '../../scripts/contract/differences.mts';
import { versionProblems } from '../../scripts/contract/versionProblems.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
const promised = JSON.parse(read('test/package/contract.json')) as Contract;
const copy = (): Contract => structuredClone(promised);

function nodeOf(contract: Contract, name: string): NodeContract {
	const node = contract.nodes[name];
	if (node === undefined) throw new Error(`There is no ${name}.`);
	return node;
}

function parameterOf(contract: Contract, node: string, name: string) {
	const parameter = nodeOf(contract, node).parameters[name];
	if (parameter === undefined) throw new Error(`There is no ${name} in ${node}.`);
	return parameter;
}

const LIST = 'ORDER_CREATED ORDER_APPROVED ORDER_REJECTED ORDER_UPDATE CART_ABANDONED other'.split(
	' ',
);
const setOutputs = (outputs: string[]) => (changed: Contract) => {
	nodeOf(changed, 'goatComTrigger@2').outputs = outputs;
};

it('the package keeps what contract.json promises, or CHANGELOG.md accounts for the change', () => {
	expect(versionProblems(promised, currentContract(), read('CHANGELOG.md'))).toEqual([]);
});

/** One change each: what it is, how it is made, the sentence, whether it breaks, and what the changelog has to name. */
const CHANGES: Array<
	[
		what: string,
		change: (changed: Contract) => unknown,
		says: string,
		breaks: boolean,
		name: string,
	]
> = [
	[
		'a renamed node',
		(changed) => {
			changed.nodes['goatTrigger@2'] = nodeOf(changed, 'goatComTrigger@2');
			delete changed.nodes['goatComTrigger@2'];
		},
		'The node goatComTrigger@2 is gone.',
		true,
		'goatComTrigger',
	],
	[
		'another display name',
		(changed) => (nodeOf(changed, 'genTrigger@2').displayName = 'Genpag Trigger'),
		'genTrigger@2 was named "Gen Trigger" and is named "Genpag Trigger".',
		false,
		'genTrigger.displayName',
	],
	[
		'a field that is no longer secret',
		(changed) => delete changed.credentials.genApi?.refreshToken?.secret,
		'genApi.refreshToken is hidden in the editor no longer.',
		true,
		'genApi.refreshToken',
	],
	[
		'a new version of a node',
		(changed) => (changed.nodes['goatComTrigger@3'] = nodeOf(changed, 'goatComTrigger@2')),
		'The node goatComTrigger@3 is new.',
		false,
		'goatComTrigger',
	],
	[
		'another default',
		(changed) => (parameterOf(changed, 'genTrigger@2', 'simplify').default = false),
		'The default of genTrigger.simplify was true and is false',
		true,
		'genTrigger.simplify',
	],
	[
		'another default inside a collection',
		(changed) => (parameterOf(changed, 'genTrigger@2', 'options.duplicateWindow').default = 60),
		'The default of genTrigger.options.duplicateWindow was 600 and is 60',
		true,
		'options.duplicateWindow',
	],
	[
		'another type',
		(changed) => (parameterOf(changed, 'genTrigger@2', 'customEvents').type = 'json'),
		'genTrigger.customEvents was a string and is a json',
		true,
		'genTrigger.customEvents',
	],
	[
		'a parameter that is required now',
		(changed) => (parameterOf(changed, 'genTrigger@2', 'customEvents').required = true),
		'genTrigger.customEvents is required now',
		true,
		'genTrigger.customEvents',
	],
	[
		'a removed parameter',
		(changed) => delete nodeOf(changed, 'genTrigger@2').parameters.customEvents,
		'In genTrigger, the parameter customEvents is gone.',
		true,
		'genTrigger.customEvents',
	],
	[
		'a new parameter with a default',
		(changed) =>
			(nodeOf(changed, 'genTrigger@2').parameters.more = { type: 'boolean', default: false }),
		'In genTrigger, the parameter more is new.',
		false,
		'genTrigger.more',
	],
	[
		'a new parameter that has to be filled',
		(changed) =>
			(nodeOf(changed, 'genTrigger@2').parameters.more = {
				type: 'string',
				default: '',
				required: true,
			}),
		'In genTrigger, the parameter more is new.',
		true,
		'genTrigger.more',
	],
	[
		'a removed choice',
		(changed) => (parameterOf(changed, 'gestaoOnline@1', 'operation').values = ['create', 'get']),
		'In gestaoOnline.operation, the choice "cancel" is gone.',
		true,
		'gestaoOnline.operation',
	],
	[
		'an event before others',
		setOutputs(['ORDER_SHIPPED', ...LIST]),
		'The outputs of goatComTrigger@2 have another order',
		true,
		'goatComTrigger.outputs',
	],
	[
		'two events that changed places',
		setOutputs(['ORDER_APPROVED', 'ORDER_CREATED', ...LIST.slice(2)]),
		'The outputs of goatComTrigger@2 have another order',
		true,
		'goatComTrigger.outputs',
	],
	[
		'an event after the others',
		setOutputs([...LIST, 'ORDER_SHIPPED']),
		'In goatComTrigger@2, the output of the event ORDER_SHIPPED is new.',
		false,
		'goatComTrigger.events.ORDER_SHIPPED',
	],
	[
		'another webhook path',
		(changed) => (nodeOf(changed, 'genTrigger@2').webhooks = [{ path: 'hook' }]),
		'The webhook of genTrigger@2 was',
		true,
		'genTrigger.webhooks',
	],
	[
		'another credential',
		(changed) => (nodeOf(changed, 'genTrigger@2').credentials = ['genApi']),
		'In genTrigger@2, the credential genWebhookApi is gone.',
		true,
		'genTrigger.credentials',
	],
	[
		'a field of a credential',
		(changed) => delete changed.credentials.genApi?.sellerId,
		'In the credential genApi, the parameter sellerId is gone.',
		true,
		'genApi.sellerId',
	],
	[
		'a removed key of the item',
		(changed) => delete changed.items['Gen/v2.0.0']?.['payment.method'],
		'In the items of Gen/v2.0.0, the key payment.method is gone.',
		true,
		'payment.method',
	],
	[
		'a new key of the item',
		(changed) => Object.assign(changed.items['Gen/v2.0.0'] ?? {}, { more: 'string' }),
		'In the items of Gen/v2.0.0, the key more is new.',
		false,
		'more',
	],
	[
		'a key of another type',
		(changed) => Object.assign(changed.items['Gen/v2.0.0'] ?? {}, { 'order.total': 'string' }),
		'In the items of Gen/v2.0.0, order.total was number or null and is string.',
		true,
		'order.total',
	],
	[
		'keys in another order',
		(changed) =>
			(changed.items['Gen/v2.0.0'] = Object.fromEntries(
				Object.entries(changed.items['Gen/v2.0.0'] ?? {}).reverse(),
			)),
		'The keys of the items of Gen/v2.0.0 have another order',
		true,
		'Gen/v2.0.0',
	],
	[
		'another answer',
		(changed) => (changed.answers.accepted = '202 {}'),
		'The answer "accepted" was 200 {"received":true} and is 202 {}.',
		true,
		'accepted',
	],
];

const DRAFT = '# Changelog\n\n## Unreleased (1.0.0)\n\n- First.\n';
const published = (version: string, ...notes: string[]) =>
	`# Changelog\n\n## Unreleased\n\n${notes.join('\n')}\n\n## ${version} - 2027-01-31\n\n- First.\n`;

const problemsAt = (
	change: (changed: Contract) => unknown,
	version: string,
	next: string,
	changelog: string,
) => {
	const after = { ...copy(), version: next };
	change(after);
	return versionProblems({ ...copy(), version }, after, changelog).join('\n');
};

it.each(CHANGES)('sees %s, and takes the line of the changelog that names it', (...row) => {
	const [, change, says, breaks, name] = row;
	const changed = copy();
	change(changed);
	const seen = differences(promised, changed).filter((one) => one.change.startsWith(says));
	expect(seen).toMatchObject([{ breaks, name: expect.stringContaining(name) }]);
	const note = `- ${breaks ? '**Breaking** ' : ''}\`${name}\` changed.`;
	expect(problemsAt(change, '0.2.0', '0.3.0', published('0.2.0', note))).not.toContain(says);
});

describe.each(CHANGES.filter(([what]) => /^(another default|a new key of the item)$/.test(what)))(
	'%s',
	(_, change, says, breaks, name) => {
		const note = `- **Breaking** \`${name}\` changed.`;

		it('has to be meant before the first release', () => {
			const problems = problemsAt(change, '1.0.0', '1.0.0', DRAFT);
			expect(problems).toContain(says);
			expect(problems).toContain('run npm run contract');
		});

		it('has to be in the changelog after a release', () => {
			expect(problemsAt(change, '0.2.0', '0.3.0', published('0.2.0'))).toContain(says);
		});

		it(`is ${breaks ? 'refused' : 'fine'} within 1.x`, () => {
			const within = problemsAt(change, '1.2.0', '1.3.0', published('1.2.0', note));
			expect(within.includes(says)).toBe(breaks);
			expect(problemsAt(change, '1.2.0', '2.0.0', published('1.2.0', note))).toBe('');
		});
	},
);

it('a breaking change is not accounted for by a line that does not say so', () => {
	const changed = copy();
	parameterOf(changed, 'genTrigger@2', 'simplify').default = false;
	const note = published('0.2.0', '- `genTrigger.simplify` changed.');
	expect(versionProblems({ ...promised, version: '0.2.0' }, changed, note)).toEqual([
		expect.stringContaining('begins with **Breaking**, names `genTrigger.simplify`'),
	]);
});

it('the changelog has the version that is promised', () => {
	expect(versionProblems(promised, copy(), '# Changelog\n')).toEqual([
		expect.stringContaining(`no section for ${promised.version}`),
	]);
});
