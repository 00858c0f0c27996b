import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { portugueseWords, proseOf, textsOf } from '../../scripts/verify/english.mts';
import { RULES } from '../../scripts/verify/rules.mts';
import type {
	LoadedCredential,
	LoadedNode,
	VerifiedPackage,
} from '../../scripts/verify/verifiedPackage.mts';

const ICON = { light: 'file:shop.svg', dark: 'file:shop.dark.svg' } as const;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>';
const CODEX = { nodeVersion: '2.0', codexVersion: '1.0', categories: ['Sales'] };
const PUBLISH = `
on: { push: { tags: ['v*'] } }
permissions: {}
jobs:
  publish:
    permissions: { id-token: write }
    steps:
      - run: npm publish --provenance --access public
`;

const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

const trigger = (): LoadedNode => ({
	file: 'dist/nodes/Shop/ShopTrigger.node.js',
	className: 'ShopTrigger',
	description: {
		displayName: 'Shop Trigger',
		name: 'shopTrigger',
		icon: ICON,
		group: ['trigger'],
		version: 2,
		subtitle: '={{ $parameter["events"][0] }}',
		description: 'Starts the workflow when the shop sends an event',
		defaults: { name: 'Shop Trigger' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'shopWebhookApi', required: true, testedBy: 'testToken' }],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['*'],
				options: [
					{ name: 'All Events', value: '*', description: 'Every event' },
					{ name: 'Cart Abandoned', value: 'CART', description: 'A cart was left' },
					{ name: 'Delivered', value: 'DELIVERED', description: 'An order arrived' },
					{ name: 'Order Created', value: 'ORDER', description: 'An order was made' },
					{ name: 'Paid', value: 'PAID', description: 'An order was paid' },
					{ name: 'Refunded', value: 'REFUNDED', description: 'Money went back' },
					{ name: 'Other Events', value: 'other', description: 'Anything else' },
				],
				description: 'The events that start the workflow',
			},
			simplify,
		],
	},
	credentialTests: ['testToken'],
	lifecycle: ['checkExists', 'create', 'delete'],
	runs: true,
});

const action = (): LoadedNode => ({
	file: 'dist/nodes/Shop/Shop.node.js',
	className: 'Shop',
	description: {
		displayName: 'Shop',
		name: 'shop',
		icon: ICON,
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Reads orders of the shop',
		defaults: { name: 'Shop' },
		usableAsTool: true,
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'shopWebhookApi', required: true, testedBy: 'testToken' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'order',
				options: [{ name: 'Order', value: 'order' }],
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['order'] } },
				default: 'get',
				options: [
					{ name: 'Get', value: 'get', description: 'Read an order', action: 'Get an order' },
				],
			},
			simplify,
		],
	},
	credentialTests: ['testToken'],
	lifecycle: [],
	runs: true,
});

const credential = (): LoadedCredential => ({
	file: 'dist/credentials/ShopWebhookApi.credentials.js',
	className: 'ShopWebhookApi',
	type: {
		name: 'shopWebhookApi',
		displayName: 'Shop Webhook API',
		icon: { light: 'file:../nodes/Shop/shop.svg', dark: 'file:../nodes/Shop/shop.dark.svg' },
		documentationUrl: 'https://example.com/docs',
		properties: [
			{
				displayName: 'Token',
				name: 'token',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				description: 'A secret of your own',
			},
		],
		test: undefined,
	},
});

interface Parts extends Omit<VerifiedPackage, 'files' | 'workflows'> {
	files: Map<string, string>;
	workflows: Map<string, string>;
	trigger: LoadedNode;
	action: LoadedNode;
	credential: LoadedCredential;
}

/** A package that keeps every rule. */
function goodPackage(): Parts {
	const parts = { trigger: trigger(), action: action(), credential: credential() };
	const name = 'n8n-nodes-shop';
	const codex = (node: string, more: object = {}) =>
		JSON.stringify({ node: `${name}.${node}`, ...CODEX, ...more });
	return {
		...parts,
		manifest: {
			name,
			version: '1.0.0',
			license: 'MIT',
			keywords: ['n8n-community-node-package'],
			scripts: { build: 'gulp build', prepublishOnly: 'n8n-node prerelease' },
			peerDependencies: { 'n8n-workflow': '*' },
			n8n: {
				strict: true,
				nodes: [parts.trigger.file, parts.action.file],
				credentials: [parts.credential.file],
			},
		},
		files: new Map([
			['package.json', '{}'],
			['README.md', '# Shop\n\nA trigger for the shop.\n'],
			['LICENSE', 'MIT License\n\nCopyright\n'],
			['CHANGELOG.md', '# Changelog\n'],
			['index.js', 'module.exports = require(`./${file}`);\n'],
			[parts.trigger.file, 'const { x } = require("n8n-workflow");\nexports.x = x;\n'],
			['dist/nodes/Shop/ShopTrigger.node.json', codex('shopTrigger')],
			[parts.action.file, 'const shop = require("./shop");\nexports.run = shop.run;\n'],
			['dist/nodes/Shop/Shop.node.json', codex('shop', { nodeVersion: '1.0' })],
			['dist/nodes/Shop/shop.js', 'const { DateTime } = require("luxon");\n'],
			['dist/nodes/Shop/shop.svg', SVG],
			['dist/nodes/Shop/shop.dark.svg', SVG],
			[parts.credential.file, 'exports.a = require("node:crypto");\n'],
		]),
		bytes: 50_000,
		nodes: [parts.trigger, parts.action],
		credentials: [parts.credential],
		unloadable: [],
		lintFindings: [],
		sourceFindings: [],
		packedFindings: [],
		eslintConfig: 'export default config;\n',
		defaultEslintConfig: 'export default config;\n',
		workflows: new Map([['publish.yml', PUBLISH]]),
	};
}

const code = (line: string) => (bad: Parts) => bad.files.set('dist/nodes/Shop/shop.js', line);

/** Per rule, by how its name begins: what is done to a good package, and what the rule then says. */
const BROKEN: Record<
	string,
	Array<[what: string, spoil: (bad: Parts) => unknown, says: string]>
> = {
	'n8n-node lint': [['a warning', (bad) => (bad.lintFindings = ['1 warning']), '1 warning']],
	'Strict mode': [
		['not strict', (bad) => (bad.manifest.n8n = { strict: false }), 'n8n.strict is not true'],
		['another configuration', (bad) => (bad.eslintConfig += 'x'), 'was changed'],
	],
	"n8n's scanner finds nothing in the sources": [
		['a finding', (bad) => (bad.sourceFindings = ['a.ts:1 no']), 'a.ts:1 no'],
	],
	"n8n's scanner finds nothing in the packed": [
		['a finding', (bad) => (bad.packedFindings = ['a.js:1 no']), 'a.js:1 no'],
	],
	'The package has dist': [
		['a map', (bad) => bad.files.set('dist/nodes/a.js.map', ''), 'dist/nodes/a.js.map should'],
		['a source', (bad) => bad.files.set('nodes/a.ts', ''), 'nodes/a.ts should'],
		['types', (bad) => bad.files.set('dist/nodes/a.d.ts', ''), 'dist/nodes/a.d.ts should'],
		['a test', (bad) => bad.files.set('dist/nodes/a.test.js', ''), 'dist/nodes/a.test.js should'],
		['tests', (bad) => bad.files.set('dist/nodes/test/a.js', ''), 'dist/nodes/test/a.js should'],
		['an environment', (bad) => bad.files.set('.env', ''), '.env should'],
		['no changelog', (bad) => bad.files.delete('CHANGELOG.md'), 'CHANGELOG.md is missing'],
	],
	'The tarball': [['too much', (bad) => (bad.bytes = 102_401), 'has 101 KB']],
	'Everything that package.json names': [
		['what throws', (bad) => (bad.unloadable = ['a.js does not load: no']), 'does not load: no'],
		['a missing file', (bad) => bad.files.delete(bad.action.file), 'Shop.node.js is not in'],
		['no node', (bad) => (bad.nodes = []), 'names no node'],
	],
	'The package name': [
		['another package name', (bad) => (bad.manifest.name = 'shop-nodes'), 'is named shop-nodes'],
		['no keyword', (bad) => (bad.manifest.keywords = ['n8n']), 'keyword'],
		['another name', (bad) => (bad.action.description.name = 'store'), 'another name: store'],
		['one name twice', (bad) => bad.nodes.push(action()), 'two nodes have one name'],
	],
	'Every node and credential has a light': [
		['one icon', (bad) => (bad.action.description.icon = 'file:shop.svg'), 'no light and dark'],
		[
			'a missing file',
			(bad) => bad.files.delete('dist/nodes/Shop/shop.dark.svg'),
			'names dist/nodes/Shop/shop.dark.svg, which is not',
		],
		[
			'the same twice',
			(bad) => (bad.credential.type.icon = { light: ICON.light, dark: ICON.light }),
			'the same icon',
		],
		['a PNG', (bad) => bad.files.set('dist/nodes/Shop/shop.svg', '\x89PNG'), 'is no SVG'],
		[
			'a script',
			(bad) => bad.files.set('dist/nodes/Shop/shop.svg', '<svg><script/></svg>'),
			'is no SVG',
		],
	],
	'Every node has its codex': [
		['none', (bad) => bad.files.delete('dist/nodes/Shop/Shop.node.json'), 'is missing'],
		['another node', (bad) => (bad.action.description.name = 'store'), 'is for the node'],
		['another version', (bad) => (bad.trigger.description.version = [2, 2.1]), 'is at 2.1'],
		[
			'no category',
			(bad) => bad.files.set('dist/nodes/Shop/Shop.node.json', '{"categories":[]}'),
			'has no category',
		],
	],
	'The code imports': [
		['a core module', code('require("fs")'), 'shop.js:1 requires another module'],
		['another package', code('require("axios")'), 'requires another module'],
		['a submodule', code('require("node:child_process").exec("")'), 'requires another'],
		['a computed name', code('const name = "f" + "s"; require(name)'), 'requires another'],
		['a dynamic import', code('import("node:net")'), 'imports while it runs'],
		['the module system', code('module.constructor._load("fs")'), 'reaches into the module'],
		['what a comment allows', code('/* eslint-disable */ require("fs")'), 'requires another'],
	],
	'The code touches': [
		['the environment', code('exports.x = process.env.HOME'), "'process'"],
		['the global object', code('globalThis.x = 1'), "'globalThis'"],
		['a timer', code('setTimeout(() => {}, 1)'), "'setTimeout'"],
		['the console', code('console.log(1)'), "'console'"],
		['the network', code('fetch("https://example.com")'), "'fetch'"],
		['its own place', code('exports.x = __dirname'), "'__dirname'"],
	],
	'The code makes no code': [
		['eval', code('eval("1")'), 'eval'],
		['a function of text', code('new Function("return 1")()'), 'Function'],
	],
	'No dependencies': [
		['dependencies', (bad) => (bad.manifest.dependencies = {}), 'has dependencies'],
		['overrides', (bad) => (bad.manifest.overrides = {}), 'has overrides'],
		[
			'an install script',
			(bad) => (bad.manifest.scripts = { postinstall: 'node x' }),
			'the script postinstall',
		],
		['prepare', (bad) => (bad.manifest.scripts = { prepare: 'husky' }), 'the script prepare'],
	],
	'The only peer dependency': [
		['none', (bad) => (bad.manifest.peerDependencies = undefined), 'undefined'],
		[
			'a range',
			(bad) => (bad.manifest.peerDependencies = { 'n8n-workflow': '^2' }),
			'{"n8n-workflow":"^2"}',
		],
	],
	'Triggers say Trigger': [
		['its class', (bad) => (bad.trigger.className = 'ShopEvents'), 'the class ShopEvents'],
		['its name', (bad) => (bad.trigger.description.name = 'shopEvents'), 'the name shopEvents'],
		['its display name', (bad) => (bad.trigger.description.displayName = 'Shop'), 'display name'],
		['inputs', (bad) => (bad.trigger.description.inputs = ['main']), 'has inputs'],
		['a tool', (bad) => (bad.trigger.description.usableAsTool = true), 'usable as a tool'],
		['no subtitle', (bad) => (bad.trigger.description.subtitle = ''), 'no subtitle'],
		['half a lifecycle', (bad) => (bad.trigger.lifecycle = ['create']), 'lacks one of'],
		['nothing to call', (bad) => (bad.trigger.runs = false), 'no function'],
		['no Trigger On', (bad) => (bad.trigger.description.properties = [simplify]), 'Trigger On'],
	],
	'Actions are usable': [
		['no tool', (bad) => (bad.action.description.usableAsTool = undefined), 'not usable'],
		['no execute', (bad) => (bad.action.runs = false), 'no execute()'],
		['no operation', (bad) => bad.action.description.properties.splice(1, 1), 'an operation'],
	],
	'Every node can simplify': [
		['no Simplify', (bad) => bad.action.description.properties.pop(), 'shop has no parameter'],
	],
	'Credentials have': [
		['no page', (bad) => (bad.credential.type.documentationUrl = undefined), 'documentationUrl'],
		[
			'a secret in the open',
			(bad) => (bad.credential.type.properties = [{ ...simplify, type: 'string', name: 'token' }]),
			'shopWebhookApi.token is shown',
		],
		[
			'no test in one node',
			(bad) => (bad.action.description.credentials = [{ name: 'shopWebhookApi' }]),
			'not tested in shop',
		],
		['a test that is not there', (bad) => (bad.action.credentialTests = []), 'not tested in'],
		['no use', (bad) => (bad.nodes = []), 'used by no node'],
		['another name', (bad) => (bad.credential.type.name = 'shop'), 'does not end in Api'],
	],
	'Texts and fields': [
		[
			'lower case',
			(bad) => (bad.action.description.properties[0]!.displayName = 'the resource'),
			'node-param-display-name-miscased',
		],
		[
			'a boolean without Whether',
			(bad) => (bad.action.description.properties[2] = { ...simplify, description: 'Simplify it' }),
			'Whether',
		],
		[
			'unsorted events',
			(bad) =>
				bad.trigger.description.properties[0]!.options!.splice(1, 0, { name: 'Z', value: 'z' }),
			'Alphabetized',
		],
		[
			'a wrong credential',
			(bad) => (bad.credential.type.displayName = 'Shop webhook'),
			'cred-class-field-display-name',
		],
	],
	'The interface is in English': [
		[
			'a description',
			(bad) => (bad.trigger.description.description = 'Inicia quando a loja envia um evento'),
			'shopTrigger.description: quando, loja, evento',
		],
		[
			'a hint with accents',
			(bad) => (bad.credential.type.properties[0]!.hint = 'Veja as opções'),
			'shopWebhookApi.properties[0].hint: opções',
		],
		[
			'the name of an option',
			(bad) => (bad.trigger.description.properties[0]!.options = [{ name: 'Pedido', value: 'x' }]),
			'options[0].name: Pedido',
		],
		[
			'the panel',
			(bad) => (bad.trigger.description.triggerPanel = { header: 'Olá', executionsHelp: '' }),
			'triggerPanel.header: Olá',
		],
	],
	'Errors and all other texts': [
		[
			'an error',
			code('throw new Error("O pedido foi cancelado antes do pagamento")'),
			'shop.js:1 pedido, foi, antes, pagamento',
		],
		['a part of an error', code('exports.x = (id) => `O pedido ${id} não existe na loja`'), 'não'],
	],
	'README and CHANGELOG': [
		['a Portuguese page', (bad) => bad.files.set('README.md', 'Uma integração'), 'README.md: Uma'],
		['a Portuguese entry', (bad) => bad.files.set('CHANGELOG.md', '- Correções'), 'Correções'],
	],
	'The license': [
		['another', (bad) => (bad.manifest.license = 'ISC'), 'the license ISC'],
		['no text', (bad) => bad.files.delete('LICENSE'), 'not the MIT'],
	],
	'A GitHub workflow': [
		['none', (bad) => bad.workflows.clear(), 'no workflow'],
		[
			'no provenance',
			(bad) => bad.workflows.set('publish.yml', PUBLISH.replace('--provenance', '')),
			'without --provenance',
		],
		[
			'no identity',
			(bad) => bad.workflows.set('publish.yml', PUBLISH.replace('id-token: write', '')),
			'id-token',
		],
		[
			'a stored token',
			(bad) => bad.workflows.set('publish.yml', `${PUBLISH}# \${{ secrets.NPM_TOKEN }}`),
			'a stored secret',
		],
	],
};

// n8n's lint plugin looks for file names of its own tests where this is "test".
process.env.NODE_ENV = 'production';

const ruleFor = (start: string) => {
	const found = RULES.filter(({ name }) => name.startsWith(start));
	if (found.length !== 1) throw new Error(`${found.length} rules begin with "${start}".`);
	return found[0]!;
};

it.each(RULES)('a good package: $name', ({ problems }) => {
	expect(problems(goodPackage())).toEqual([]);
});

it('every rule is broken here at least once', () => {
	const broken = Object.keys(BROKEN).map((start) => ruleFor(start).name);
	expect(broken.sort()).toEqual(RULES.map(({ name }) => name).sort());
});

describe.each(Object.entries(BROKEN))('%s', (start, cases) => {
	it.each(cases)('sees %s', (_, spoil, says) => {
		const bad = goodPackage();
		spoil(bad);
		expect(ruleFor(start).problems(bad).join('\n')).toContain(says);
	});
});

describe('English', () => {
	it.each([
		['In Troque & Devolva, open <b>Configurações &gt; Webhooks &gt; Novo Webhook</b>', []],
		['Ask suporte@gestao-online.com, or see https://exemplo.com.br/para/voce', []],
		['The order of a customer, with its items, as sent', []],
		['Configurações do pedido', ['Configurações', 'pedido']],
		['Sent para todos', ['para', 'todos']],
	])('%s: %j', (text, words) => {
		expect(portugueseWords(text)).toEqual(words);
	});

	it('passes over code and addresses in a page', () => {
		expect(proseOf('Use `pedido`, [this](docs/configuração.md).\n```\nvocê\n```\n')).not.toMatch(
			/pedido|configuração|você/,
		);
	});

	it('takes the texts that a user reads, and no names or defaults', () => {
		const texts = textsOf(
			{ name: 'a', default: 'b', hint: 'c', options: [{ name: 'd', value: 'e' }] },
			'x',
		);
		expect(texts).toEqual([
			['x.hint', 'c'],
			['x.options[0].name', 'd'],
		]);
	});
});

describe("n8n's scanner", () => {
	const folder = join(repositoryRoot, 'artifacts');
	const bad = () => mkdtempSync(join(folder, 'scan-'));

	it('finds what a comment tries to hide', () => {
		mkdirSync(folder, { recursive: true });
		const place = bad();
		try {
			mkdirSync(join(place, 'nodes'));
			writeFileSync(join(place, 'package.json'), '{"name":"n8n-nodes-x","version":"1.0.0"}');
			writeFileSync(
				join(place, 'nodes', 'a.js'),
				'/* eslint-disable */\nconsole.log(process.env);\n',
			);
			const script = `import { scan } from './scripts/verify/scan.mts';
				console.log(JSON.stringify(await scan(${JSON.stringify(place)}, ['**/*.js', 'package.json'])));`;
			const output = execFileSync(
				process.execPath,
				['--import', 'tsx', '--input-type=module', '--eval', script],
				{ cwd: repositoryRoot, encoding: 'utf8' },
			);
			const findings = JSON.parse(output) as string[];
			expect(findings).toEqual(
				expect.arrayContaining([
					expect.stringMatching(/^nodes[\\/]a\.js:2 .*process.*no-restricted-globals/),
					expect.stringMatching(/^nodes[\\/]a\.js:2 .*no-console/),
					expect.stringMatching(/^package\.json:1 .*valid-peer-dependencies/),
				]),
			);
		} finally {
			rmSync(place, { recursive: true });
		}
	});
});
