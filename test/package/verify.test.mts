import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { portugueseWords, proseOf } from '../../scripts/verify/english.mts';
import type { PackedPackage } from '../../scripts/verify/packed.mts';
import { RULES } from '../../scripts/verify/rules.mts';

const NODE = 'dist/nodes/Shop/ShopTrigger.node.js';
const CODEX = 'dist/nodes/Shop/ShopTrigger.node.json';
const CREDENTIAL = 'dist/credentials/ShopApi.credentials.js';
const iconUrl = { light: 'icons/n8n-nodes-shop/dist/nodes/Shop/shop.svg', dark: '' };
iconUrl.dark = iconUrl.light.replace('.svg', '.dark.svg');

const option = (name: string): INodePropertyOptions => ({
	name,
	value: name,
	description: `Starts with ${name}`,
});

const trigger = (): INodeTypeDescription => ({
	displayName: 'Shop Trigger',
	name: 'shopTrigger',
	iconUrl,
	group: ['trigger'],
	version: [1, 2],
	description: 'Starts the workflow when the shop sends an event',
	defaults: { name: 'Shop Trigger' },
	inputs: [],
	outputs: ['main'],
	properties: [
		{
			displayName: 'Trigger On',
			name: 'events',
			type: 'multiOptions',
			default: ['*'],
			options: [
				{ ...option('All Events'), value: '*' },
				...['Cart Abandoned', 'Delivered', 'Order Created', 'Paid', 'Refunded'].map(option),
				{ ...option('Other Events'), value: 'other' },
			],
			description: 'The events that start the workflow',
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
	],
});

const CODEX_TEXT = JSON.stringify({
	...{ node: 'n8n-nodes-shop.shopTrigger', nodeVersion: '2.0', codexVersion: '1.0' },
	...{ categories: ['Sales'], alias: ['shop'] },
});

/** A package that keeps every rule, with its one node at hand. */
function goodPackage() {
	const node = trigger();
	const credential = { name: 'shopApi', displayName: 'Shop API', iconUrl, properties: [] };
	const packed: PackedPackage = {
		manifest: { name: 'n8n-nodes-shop', n8n: { strict: true } },
		files: new Map([
			['package.json', '{}'],
			['README.md', '# Shop\n\nA trigger for the shop.\n'],
			['LICENSE', 'MIT License\n'],
			['CHANGELOG.md', '# Changelog\n'],
			['index.js', 'module.exports = {};\n'],
			[NODE, 'const { DateTime } = require("luxon");\n'],
			[CODEX, CODEX_TEXT],
			[CREDENTIAL, 'exports.text = "A token of your own";\n'],
			['dist/nodes/Shop/shop.svg', '<svg/>'],
			['dist/nodes/Shop/shop.dark.svg', '<svg/>'],
		]),
		bytes: 50_000,
		nodes: [{ file: NODE, type: node }],
		credentials: [{ file: CREDENTIAL, type: credential }],
		loadErrors: [],
		lintFindings: [],
		scanFindings: [],
	};
	return { ...packed, node };
}
type Bad = ReturnType<typeof goodPackage>;

const file =
	(path: string, text = '') =>
	(bad: Bad) =>
		bad.files.set(path, text);
const code = (line: string) => file(NODE, line);
const events = (change: (options: unknown[]) => unknown) => (bad: Bad) =>
	change(bad.node.properties[0]?.options ?? []);
const property = (change: Partial<INodeProperties>) => (bad: Bad) =>
	Object.assign(bad.node.properties[1]!, change);

/** What is done to a good package, by how the name of the rule begins that says so, and what it says. */
const BROKEN: Array<[rule: string, spoil: (bad: Bad) => unknown, says: string]> = [
	['n8n-node lint', (bad) => bad.lintFindings.push('1 warning'), '1 warning'],
	["n8n's scanner", (bad) => bad.scanFindings.push('a.js no-console'), 'a.js no-console'],
	['The linter', (bad) => (bad.manifest.n8n.strict = false), 'n8n.strict is not true'],
	['The linter', (bad) => (bad.manifest.optionalDependencies = {}), 'has optionalDependencies'],
	['The package has', file('dist/nodes/a.js.map'), 'dist/nodes/a.js.map should not'],
	['The package has', file('dist/nodes/a.test.js'), 'dist/nodes/a.test.js should not'],
	['The package has', file('dist/nodes/test/a.js'), 'dist/nodes/test/a.js should not'],
	['The package has', file('.env'), '.env should not'],
	['The package has', (bad) => bad.files.delete('LICENSE'), 'LICENSE is missing'],
	['The tarball', (bad) => (bad.bytes = 102_401), 'has 101 KB'],
	['It loads', (bad) => bad.loadErrors.push('Cannot find module'), 'Cannot find module'],
	['The icons', (bad) => bad.files.delete('dist/nodes/Shop/shop.dark.svg'), 'shop.dark.svg is not'],
	['The icons', (bad) => (bad.node.iconUrl = undefined), 'undefined is not'],
	['Every node has', (bad) => bad.files.delete(CODEX), 'has no alias'],
	['Every node has', (bad) => (bad.node.name = 'store'), 'node is n8n-nodes-shop.shopTrigger, not'],
	['Every node has', (bad) => (bad.node.version = 3), 'nodeVersion is 2.0, not 3.0'],
	['The code reaches', code('fetch("https://example.com")'), "'fetch'"],
	['Parameters', property({ displayName: 'simplify it' }), 'title case'],
	['Parameters', property({ description: 'Simplify it' }), 'Whether'],
	['Parameters', events((options) => options.splice(1, 0, option('Z'))), 'Alphabetize'],
	['The interface', (bad) => (bad.node.description = 'Quando a loja envia'), 'description: Quando'],
	['The interface', property({ hint: 'Veja as opções' }), 'properties[1].hint: opções'],
	['The interface', events((options) => options.push(option('Pedido'))), 'options[7].name: Pedido'],
	[
		'The interface',
		(bad) => (bad.node.triggerPanel = { header: 'Olá', executionsHelp: '' }),
		'triggerPanel.header: Olá',
	],
	['The interface', code('throw new Error("O pedido foi cancelado")'), 'node.js:1 pedido, foi'],
	['The interface', code('exports.x = (id) => `O pedido ${id} não existe na loja`'), 'não'],
	['The interface', file('README.md', 'Uma integração'), 'README.md: Uma'],
];

// n8n's lint plugin looks for file names of its own tests where this is "test".
process.env.NODE_ENV = 'production';

it.each(RULES)('a good package: $name', ({ problems }) => {
	expect(problems(goodPackage())).toEqual([]);
});

it('every rule is broken below', () => {
	const unbroken = RULES.filter(({ name }) => !BROKEN.some(([start]) => name.startsWith(start)));
	expect(unbroken).toEqual([]);
});

it.each(BROKEN)('%s … (%#)', (start, spoil, says) => {
	const [rule, ...others] = RULES.filter(({ name }) => name.startsWith(start));
	expect(others).toEqual([]);
	const bad = goodPackage();
	spoil(bad);
	expect(rule?.problems(bad).join('\n')).toContain(says);
});

it.each([
	['In Troque & Devolva, open <b>Configurações &gt; Webhooks &gt; Novo Webhook</b>', []],
	['Ask suporte@gestao-online.com, or see https://exemplo.com.br/para/voce', []],
	['The order of a customer, with its items, as sent', []],
	[proseOf('Use `pedido`, [this](docs/configuração.md).\n```\nvocê\n```\n'), []],
	['Configurações do pedido', ['Configurações', 'pedido']],
	['Sent para todos', ['para', 'todos']],
])('Portuguese in "%s": %j', (text, words) => {
	expect(portugueseWords(text)).toEqual(words);
});
