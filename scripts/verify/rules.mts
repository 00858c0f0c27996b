import { posix } from 'node:path';
import { Linter, type Rule } from 'eslint';
import type { Icon, INodeProperties } from 'n8n-workflow';
import { credentialFindings, nodeFindings } from './descriptionLint.mts';
import { portugueseWords, proseOf, textsOf } from './english.mts';
import type { LoadedCredential, LoadedNode, VerifiedPackage } from './verifiedPackage.mts';
import { mayWrite, parseWorkflow } from './workflows.mts';

/** One rule of n8n's ecosystem. */
export interface PackageRule {
	/** What holds when the rule is kept: one line of the output. */
	name: string;
	/** What to do when it is not. */
	todo: string;
	/** What breaks it; empty where the package keeps it. Reads nothing but the package. */
	problems(verified: VerifiedPackage): string[];
}

const MAX_BYTES = 100 * 1024;

const WANTED_FILES = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'index.js'];
const DIST_FILE =
	/^dist\/(nodes|credentials)\/(?!(.*[/.])?(test|spec|fixtures)[/.]).+\.(js|json|svg)$/;

const ALLOWED_MODULE =
	'/^(\\.{1,2}\\u002F.*|n8n-workflow|luxon|zod|lodash|moment|p-limit|(node:)?crypto)$/';
const RELATIVE_START = '/^\\.{1,2}\\u002F/';

const FORBIDDEN_GLOBALS = [
	...['process', 'global', 'globalThis', '__dirname', '__filename', 'console'],
	...['setTimeout', 'setInterval', 'setImmediate'],
	...['clearTimeout', 'clearInterval', 'clearImmediate'],
	...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
];

const LIFECYCLE = ['checkExists', 'create', 'delete'];
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
const SECRET_FIELD = /token|secret|password|apiKey|headerValue/i;

const isTrigger = ({ description }: LoadedNode) => description.group.includes('trigger');
const inFirstCase = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const property = ({ description }: LoadedNode, name: string): INodeProperties | undefined =>
	description.properties.find((one) => one.name === name);
const loadedOf = ({ nodes, credentials }: VerifiedPackage) => [
	...nodes.map(({ file, description }) => ({ file, ...description })),
	...credentials.map(({ file, type }) => ({ file, ...type })),
];

/** The lines that some of these checks found wrong: each is what to say, and whether it holds. */
const broken = (checks: Array<[holds: boolean, problem: string]>) =>
	checks.filter(([holds]) => !holds).map(([, problem]) => problem);

/** What ESLint's own rules find in the packed JavaScript. */
function codeProblems({ files }: VerifiedPackage, rules: Linter.RulesRecord): string[] {
	const config: Linter.Config = {
		languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs' },
		plugins: { verify: { rules: { english: englishTexts } } },
		rules,
	};
	return [...files]
		.filter(([file]) => file.endsWith('.js'))
		.flatMap(([file, code]) =>
			new Linter({ cwd: '/' })
				.verify(code, [config], { filename: `/${file}`, allowInlineConfig: false })
				.map(({ line, message }) => `${file}:${line} ${message}`),
		);
}

/** Texts of three words and more: what may be an error, and is no code or key. */
const isSentence = (text: string) => text.trim().split(/\s+/).length > 2;

/** A rule of ESLint's kind that names the Portuguese words of the texts in the code. */
const englishTexts: Rule.RuleModule = {
	create(context) {
		const check = (node: Rule.Node, text: unknown) => {
			const words = typeof text === 'string' && isSentence(text) ? portugueseWords(text) : [];
			if (words.length > 0) context.report({ node, message: words.join(', ') });
		};
		return {
			Literal: (node) => check(node, node.value),
			TemplateElement: (node) => check(node, node.value.cooked),
		};
	},
};

function iconProblems(file: string, icon: Icon | undefined, files: VerifiedPackage['files']) {
	if (typeof icon !== 'object') return [`${file} has no light and dark icon`];
	const paths = [icon.light, icon.dark].map((path) =>
		posix.join(posix.dirname(file), path.replace(/^file:/, '')),
	);
	const [light, dark] = paths;
	return [
		...(light === dark ? [`${file} has the same icon for light and dark`] : []),
		...paths.flatMap((path) => {
			const text = files.get(path);
			if (text === undefined) return [`${file} names ${path}, which is not in the package`];
			return /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(text) && !/<script|<image|href=/i.test(text)
				? []
				: [`${path} is no SVG drawing of its own`];
		}),
	];
}

function codexProblems({ file, description }: LoadedNode, verified: VerifiedPackage): string[] {
	const path = file.replace(/\.js$/, '.json');
	const text = verified.files.get(path);
	if (text === undefined) return [`${path} is missing`];
	const codex = JSON.parse(text) as {
		node?: string;
		nodeVersion?: string;
		codexVersion?: string;
		categories?: string[];
	};
	const version = [description.version].flat().at(-1) ?? 0;
	return broken([
		[
			codex.node === `${verified.manifest.name}.${description.name}`,
			`${path} is for the node ${codex.node}`,
		],
		[
			codex.nodeVersion === version.toFixed(1),
			`${path} is for version ${codex.nodeVersion} of the node, which is at ${version}`,
		],
		[codex.codexVersion === '1.0', `${path} has no codexVersion 1.0`],
		[(codex.categories ?? []).length > 0, `${path} has no category`],
	]);
}

function triggerProblems(node: LoadedNode): string[] {
	const { className, description, lifecycle } = node;
	const { name, displayName, polling } = description;
	const [events, customEvents] = ['events', 'customEvents'].map((name) => property(node, name));
	const lifecycleIsComplete = LIFECYCLE.every((method) => lifecycle.includes(method));
	return broken([
		[className.endsWith('Trigger'), `the class ${className} does not end in Trigger`],
		[name.endsWith('Trigger'), `the name ${name} does not end in Trigger`],
		[displayName.endsWith(' Trigger'), `the display name ${displayName} does not end in Trigger`],
		[description.inputs.length === 0, `${name} has inputs`],
		[description.usableAsTool === undefined, `${name} is usable as a tool`],
		[Boolean(description.subtitle), `${name} has no subtitle`],
		[polling === true || lifecycleIsComplete, `${name} lacks one of ${LIFECYCLE.join(', ')}`],
		[node.runs, `${name} has no function that n8n could call`],
		[
			events?.displayName === 'Trigger On' && (events.required === true || Boolean(customEvents)),
			`${name} has no required parameter "Trigger On"`,
		],
	]);
}

function actionProblems(node: LoadedNode): string[] {
	const { description, runs } = node;
	const { name } = description;
	const [resource, operation] = ['resource', 'operation'].map((one) => property(node, one));
	return broken([
		[description.usableAsTool === true, `${name} is not usable as a tool`],
		[Boolean(description.subtitle), `${name} has no subtitle`],
		[runs, `${name} has no execute()`],
		[
			resource?.noDataExpression === true && operation?.noDataExpression === true,
			`${name} does not let a user choose a resource and an operation`,
		],
	]);
}

function credentialProblems({ type, className }: LoadedCredential, nodes: LoadedNode[]): string[] {
	const uses = nodes.flatMap((node) =>
		(node.description.credentials ?? [])
			.filter(({ name }) => name === type.name)
			.map(({ testedBy }) => ({ node, testedBy })),
	);
	const untested = uses.filter(
		({ node, testedBy }) =>
			type.test === undefined &&
			!(typeof testedBy === 'string' && node.credentialTests.includes(testedBy)),
	);
	const open = type.properties.filter(
		({ name, type: kind, typeOptions }) =>
			['string', 'hidden'].includes(kind) &&
			SECRET_FIELD.test(name) &&
			typeOptions?.password !== true,
	);
	return [
		...broken([
			[className.endsWith('Api') && type.name.endsWith('Api'), `${className} does not end in Api`],
			[type.name === inFirstCase(className), `${className} has another name: ${type.name}`],
			[type.displayName.endsWith(' API'), `${type.displayName} does not end in API`],
			[
				/^https:\/\//.test(type.documentationUrl ?? ''),
				`${type.name} has no documentationUrl with https`,
			],
			[uses.length > 0, `${type.name} is used by no node`],
		]),
		...open.map(({ name }) => `${type.name}.${name} is shown as it is typed`),
		...untested.map(({ node }) => `${type.name} is not tested in ${node.description.name}`),
	];
}

function publishProblems({ workflows }: VerifiedPackage): string[] {
	const publishing = [...workflows].flatMap(([file, text]) => {
		const workflow = parseWorkflow(text);
		return Object.values(workflow.jobs)
			.filter(({ steps }) => steps.some(({ run }) => /\bnpm publish\b/.test(run ?? '')))
			.map((job) => ({ file, text, workflow, job }));
	});
	if (publishing.length === 0) return ['no workflow publishes the package'];
	return publishing.flatMap(({ file, text, workflow, job }) =>
		broken([
			[
				job.steps.some(({ run }) => /\bnpm publish\b.*--provenance\b/.test(run ?? '')),
				`${file} publishes without --provenance`,
			],
			[mayWrite(workflow, job, 'id-token'), `${file} may not ask for an identity (id-token)`],
			[!/\$\{\{\s*secrets\./.test(text), `${file} uses a stored secret`],
		]),
	);
}

/** The rules of n8n's ecosystem, in the order in which they are shown. */
export const RULES: PackageRule[] = [
	{
		name: 'n8n-node lint finds nothing, neither errors nor warnings',
		todo: 'Run npm run lint and mend what it names.',
		problems: ({ lintFindings }) => lintFindings,
	},
	{
		name: 'Strict mode is on, and eslint.config.mjs is the default',
		todo: 'Set "strict": true under "n8n" in package.json, and take eslint.config.mjs from the template of @n8n/node-cli.',
		problems: ({ manifest, eslintConfig, defaultEslintConfig }) =>
			broken([
				[manifest.n8n?.strict === true, 'package.json: n8n.strict is not true'],
				[eslintConfig.trim() === defaultEslintConfig.trim(), 'eslint.config.mjs was changed'],
			]),
	},
	{
		name: "n8n's scanner finds nothing in the sources",
		todo: 'Mend what it names: comments that turn rules off do not count.',
		problems: ({ sourceFindings }) => sourceFindings,
	},
	{
		name: "n8n's scanner finds nothing in the packed JavaScript",
		todo: 'Mend what it names: comments that turn rules off do not count.',
		problems: ({ packedFindings }) => packedFindings,
	},
	{
		name: 'The package has dist, package.json, README, LICENSE, CHANGELOG and index.js, and nothing else',
		todo: 'Correct "files" in package.json, or what npm run build writes to dist/.',
		problems: ({ files }) => [
			...WANTED_FILES.filter((file) => !files.has(file)).map((file) => `${file} is missing`),
			...[...files.keys()]
				.filter((file) => !WANTED_FILES.includes(file) && !DIST_FILE.test(file))
				.map((file) => `${file} should not be packed`),
		],
	},
	{
		name: 'The tarball has 100 KB at most',
		todo: 'Look for what has grown in the list of npm pack --dry-run.',
		problems: ({ bytes }) =>
			bytes <= MAX_BYTES ? [] : [`the tarball has ${Math.ceil(bytes / 1024)} KB`],
	},
	{
		name: 'Everything that package.json names under "n8n" is there and loads',
		todo: 'Name the compiled files under "n8n" in package.json, each with the class of its name.',
		problems: ({ manifest, nodes, files, unloadable }) => [
			...unloadable,
			...(nodes.length === 0 ? ['package.json names no node'] : []),
			...[manifest.n8n?.nodes, manifest.n8n?.credentials]
				.flatMap((named) => named ?? [])
				.filter((file) => !files.has(file))
				.map((file) => `${file} is not in the package`),
		],
	},
	{
		name: 'The package name, the keyword and the names of the nodes are as n8n wants them',
		todo: 'Name the package n8n-nodes-…, keep the keyword n8n-community-node-package, and name each node as its class.',
		problems: ({ manifest, nodes }) => {
			const names = nodes.map(({ description }) => description.name);
			return [
				...broken([
					[
						/^(@[a-z0-9-]+\/)?n8n-nodes-[a-z0-9-]+$/.test(manifest.name ?? ''),
						`the package is named ${manifest.name}`,
					],
					[
						(manifest.keywords ?? []).includes('n8n-community-node-package'),
						'the keyword n8n-community-node-package is missing',
					],
					[new Set(names).size === names.length, 'two nodes have one name'],
				]),
				...nodes
					.filter(({ className, description }) => description.name !== inFirstCase(className))
					.map(
						({ className, description }) => `${className} has another name: ${description.name}`,
					),
			];
		},
	},
	{
		name: 'Every node and credential has a light and a dark icon, both SVG',
		todo: 'Give each an icon { light, dark } whose files are packed and refer to nothing outside.',
		problems: (verified) =>
			loadedOf(verified).flatMap(({ file, icon }) => iconProblems(file, icon, verified.files)),
	},
	{
		name: 'Every node has its codex file beside it',
		todo: 'Write the .node.json beside the node, for its name and version.',
		problems: (verified) => verified.nodes.flatMap((node) => codexProblems(node, verified)),
	},
	{
		name: 'The code imports nothing but n8n-workflow, luxon, zod, lodash, moment, p-limit, crypto and its own files',
		todo: 'Do without the module: n8n Cloud does not have it.',
		problems: (verified) =>
			codeProblems(verified, {
				'no-restricted-syntax': [
					'error',
					{
						selector: `CallExpression[callee.name="require"]:not([arguments.0.value=${ALLOWED_MODULE}]):not([arguments.0.quasis.0.value.raw=${RELATIVE_START}])`,
						message: 'requires another module.',
					},
					{ selector: 'ImportExpression', message: 'imports while it runs.' },
					{
						selector:
							'MemberExpression[object.name=/^(require|module)$/][property.name!="exports"]',
						message: 'reaches into the module system.',
					},
				],
			}),
	},
	{
		name: 'The code touches no environment, file, network, timer or console',
		todo: 'Use what n8n-workflow and the context of the node offer.',
		problems: (verified) =>
			codeProblems(verified, { 'no-restricted-globals': ['error', ...FORBIDDEN_GLOBALS] }),
	},
	{
		name: 'The code makes no code: no eval, no new Function',
		todo: 'Write out what it would make.',
		problems: (verified) =>
			codeProblems(verified, {
				'no-eval': 'error',
				'no-implied-eval': 'error',
				'no-new-func': 'error',
			}),
	},
	{
		name: 'No dependencies, no overrides, no scripts that run at installation',
		todo: 'Take it out of package.json.',
		problems: ({ manifest }) => [
			...[
				'dependencies',
				'optionalDependencies',
				'bundledDependencies',
				'bundleDependencies',
				'overrides',
				'resolutions',
				'bin',
			]
				.filter((field) => field in manifest)
				.map((field) => `package.json has ${field}`),
			...INSTALL_SCRIPTS.filter((script) => script in (manifest.scripts ?? {})).map(
				(script) => `package.json has the script ${script}`,
			),
		],
	},
	{
		name: 'The only peer dependency is n8n-workflow, at any version',
		todo: 'Set "peerDependencies" to {"n8n-workflow": "*"}.',
		problems: ({ manifest: { peerDependencies } }) =>
			JSON.stringify(peerDependencies) === '{"n8n-workflow":"*"}'
				? []
				: [`peerDependencies is ${JSON.stringify(peerDependencies)}`],
	},
	{
		name: 'Triggers say Trigger, have no inputs, are no tools, and have subtitle, Trigger On and a complete lifecycle',
		todo: 'Compare with another trigger in nodes/.',
		problems: ({ nodes }) => nodes.filter(isTrigger).flatMap(triggerProblems),
	},
	{
		name: 'Actions are usable as tools and follow resource and operation',
		todo: 'Compare with another action node in nodes/.',
		problems: ({ nodes }) => nodes.filter((node) => !isTrigger(node)).flatMap(actionProblems),
	},
	{
		name: 'Every node can simplify what it returns',
		todo: 'Give it the parameter Simplify.',
		problems: ({ nodes }) =>
			nodes
				.filter((node) => property(node, 'simplify')?.type !== 'boolean')
				.map(({ description }) => `${description.name} has no parameter Simplify`),
	},
	{
		name: 'Credentials have a documentation URL, hide their secrets, and are tested wherever they are used',
		todo: 'Add what is missing: documentationUrl, typeOptions.password, a test request, or testedBy in the node.',
		problems: ({ credentials, nodes }) =>
			credentials.flatMap((credential) => credentialProblems(credential, nodes)),
	},
	{
		name: "Texts and fields keep n8n's rules: Title Case, sentence case, Whether, sorted options",
		todo: 'Mend the text or field that is named, where the code makes it.',
		problems: ({ nodes, credentials }) => [
			...nodes.flatMap(nodeFindings),
			...credentials.flatMap(credentialFindings),
		],
	},
	{
		name: 'The interface is in English',
		todo: 'Translate it. What has to stay Portuguese is listed under portuguese in the sender.mts of the provider, or in scripts/verify/english.mts.',
		problems: (verified) =>
			loadedOf(verified)
				.flatMap((type) => textsOf(type, type.name))
				.map(([place, text]) => ({ place, words: portugueseWords(text) }))
				.filter(({ words }) => words.length > 0)
				.map(({ place, words }) => `${place}: ${words.join(', ')}`),
	},
	{
		name: 'Errors and all other texts of the code are in English',
		todo: 'Translate it. What has to stay Portuguese is listed under portuguese in the sender.mts of the provider, or in scripts/verify/english.mts.',
		problems: (verified) => codeProblems(verified, { 'verify/english': 'error' }),
	},
	{
		name: 'README and CHANGELOG are in English',
		todo: 'Translate it. What has to stay Portuguese is listed under portuguese in the sender.mts of the provider, or in scripts/verify/english.mts.',
		problems: ({ files }) =>
			['README.md', 'CHANGELOG.md'].flatMap((file) => {
				const words = portugueseWords(proseOf(files.get(file) ?? ''));
				return words.length === 0 ? [] : [`${file}: ${words.join(', ')}`];
			}),
	},
	{
		name: 'The license is MIT',
		todo: 'Set "license": "MIT", and keep the text of the license in LICENSE.',
		problems: ({ manifest, files }) =>
			broken([
				[manifest.license === 'MIT', `package.json has the license ${manifest.license}`],
				[/^MIT License\s/.test(files.get('LICENSE') ?? ''), 'LICENSE is not the MIT License'],
			]),
	},
	{
		name: 'A GitHub workflow publishes with provenance, and stores no token',
		todo: 'Publish with npm publish --provenance in a job with id-token: write, and no secrets.',
		problems: publishProblems,
	},
];
