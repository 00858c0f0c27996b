import { createRequire } from 'node:module';
import { Linter, type ESLint, type Rule } from 'eslint';
import type { INodeProperties } from 'n8n-workflow';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { portugueseWords, proseOf, textsOf } from './english.mts';
import type { PackedPackage } from './packed.mts';

/** A rule of n8n's ecosystem. What `n8n-node lint` and n8n's scanner find out is not written here again. */
export interface PackageRule {
	/** What holds when the rule is kept: one line of the output. */
	name: string;
	/** What to do when it is not. */
	todo: string;
	/** What breaks it; empty where the package keeps it. */
	problems(packed: PackedPackage): string[];
}

const MAX_BYTES = 100 * 1024;
const WANTED_FILES = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'index.js'];
const DIST_FILE =
	/^dist\/(nodes|credentials)\/(?!(.*[/.])?(test|spec|fixtures)[/.]).+\.(js|json|svg)$/;

const reported = (place: string, words: string[]) =>
	words.length === 0 ? [] : [`${place}: ${words.join(', ')}`];

/** What ESLint's own rules find in the packed JavaScript. */
function codeProblems({ files }: PackedPackage, rules: Linter.RulesRecord): string[] {
	const config: Linter.Config = {
		languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs' },
		plugins: { verify: { rules: { english } } },
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

/** An ESLint rule that names the Portuguese words of sentences; one or two words may be a code or a key. */
const english: Rule.RuleModule = {
	create(context) {
		const check = (node: Rule.Node, text: unknown) => {
			if (typeof text !== 'string' || text.trim().split(/\s+/).length < 3) return;
			const words = portugueseWords(text);
			if (words.length > 0) context.report({ node, message: words.join(', ') });
		};
		return {
			Literal: (node) => check(node, node.value),
			TemplateElement: (node) => check(node, node.value.cooked),
		};
	},
};

// The plugin of n8n's rules is a dependency of n8n-node, not of this package: ask where that finds it.
const fromNodeCli = createRequire(
	createRequire(`${repositoryRoot}/package.json`).resolve('@n8n/node-cli/eslint'),
);

/** Choices that stand first and last on purpose: all of them, and what nobody has documented. */
const isSorted = (option: object) =>
	!('value' in option && (option.value === '*' || option.value === 'other'));

/**
 * What n8n's rules for texts and fields say of parameters as they come out of the package. Its linter reads the
 * sources, where it cannot see what a function makes.
 */
function parameterProblems(owner: string, properties: INodeProperties[]): string[] {
	const { configs, ...plugin } = fromNodeCli('eslint-plugin-n8n-nodes-base') as ESLint.Plugin & {
		configs: { nodes: { rules: Linter.RulesRecord } };
	};
	const { parser } = fromNodeCli('typescript-eslint') as { parser: Linter.Parser };
	const rules = Object.entries(configs.nodes.rules).filter(([rule]) => /node-param/.test(rule));
	const config: Linter.Config = {
		files: ['**/*.ts'],
		plugins: { 'n8n-nodes-base': plugin },
		languageOptions: { parser },
		rules: {
			...Object.fromEntries(rules),
			// n8n-node lint turns it off too.
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	};
	const sorted = properties
		// n8n's loader adds it to nodes that poll.
		.filter(({ name }) => name !== 'pollTimes')
		.map(({ options, ...rest }) => ({
			...rest,
			...(options && { options: options.filter(isSorted) }),
		}));
	// With bare keys: the rules look for those.
	const literal = JSON.stringify(sorted, null, 1).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');
	const code = `export const properties: INodeProperties[] = ${literal};`;
	const lines = code.split('\n');
	return new Linter({ cwd: '/' })
		.verify(code, [config], { filename: '/nodes/X/X.node.ts' })
		.map(({ line, message }) => `${owner}: ${lines[line - 1]?.trim().slice(0, 100)} ${message}`);
}

function iconProblems(packed: PackedPackage): string[] {
	return [...packed.nodes, ...packed.credentials].flatMap(({ file, type: { iconUrl } }) => {
		// n8n's loader makes this of the icon; it does not look whether the file is there.
		const urls = typeof iconUrl === 'object' ? Object.values(iconUrl) : [iconUrl];
		return urls
			.map((url) => url?.replace(`icons/${packed.manifest.name}/`, ''))
			.filter((path) => path === undefined || !packed.files.has(path))
			.map((path) => `${file}: its icon ${path} is not in the package`);
	});
}

function codexProblems({ manifest, files, nodes }: PackedPackage): string[] {
	return nodes.flatMap(({ file, type: { name, version } }) => {
		const path = file.replace(/\.js$/, '.json');
		const codex: Record<string, unknown> = JSON.parse(files.get(path) ?? '{}');
		const wanted = {
			node: `${manifest.name}.${name}`,
			nodeVersion: [version].flat().at(-1)?.toFixed(1),
			codexVersion: '1.0',
		};
		const wrong = Object.entries(wanted).filter(([key, value]) => codex[key] !== value);
		const empty = ['categories', 'alias'].filter((key) => [codex[key] ?? []].flat().length === 0);
		return [
			...wrong.map(([key, value]) => `${path}: ${key} is ${codex[key]}, not ${value}`),
			...empty.map((key) => `${path} has no ${key}`),
		];
	});
}

/** The rules in the order in which they are shown. */
export const RULES: PackageRule[] = [
	{
		name: 'n8n-node lint finds nothing, not even a warning',
		todo: 'Run npm run lint and mend what it names.',
		problems: ({ lintFindings }) => lintFindings,
	},
	{
		name: "n8n's scanner finds nothing in the sources and in the packed JavaScript",
		todo: 'Mend what it names: comments that turn rules off do not count.',
		problems: ({ scanFindings }) => scanFindings,
	},
	{
		name: 'The linter is strict, and nothing is installed with the package',
		todo: 'Set "strict": true under "n8n" in package.json, and take the dependencies out.',
		problems: ({ manifest }) => [
			...(manifest.n8n.strict === true ? [] : ['n8n.strict is not true']),
			...['optionalDependencies', 'bundledDependencies', 'bundleDependencies', 'bin']
				.filter((field) => field in manifest)
				.map((field) => `package.json has ${field}`),
		],
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
		name: "It loads with n8n's own loader, and with no other packages than n8n has for it",
		todo: 'Correct the paths under "n8n" in package.json, or do without the module.',
		problems: ({ loadErrors }) => loadErrors,
	},
	{
		name: 'The icons are in the package',
		todo: 'Correct the path of the icon.',
		problems: iconProblems,
	},
	{
		name: 'Every node has its codex file beside it',
		todo: 'Write the .node.json beside the node, for its name and version.',
		problems: codexProblems,
	},
	{
		name: "The code reaches no network past n8n's helpers",
		todo: 'Use the helpers of the context: they know the proxy and the limits of this n8n.',
		problems: (packed) =>
			codeProblems(packed, {
				'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
			}),
	},
	{
		name: "Parameters that the code makes keep n8n's rules too: Title Case, Whether, sorted options",
		todo: 'Mend the text or field that is named, where the code makes it.',
		problems: ({ nodes }) =>
			nodes.flatMap(({ type: { name, properties } }) => parameterProblems(name, properties)),
	},
	{
		name: 'The interface, the errors, README and CHANGELOG are in English',
		todo: 'Translate it. What has to stay Portuguese is listed under portuguese in the sender.mts of the provider, or in scripts/verify/english.mts.',
		problems: (packed) => [
			...[...packed.nodes, ...packed.credentials]
				.flatMap(({ type }) => textsOf(type, type.name))
				.flatMap(([place, text]) => reported(place, portugueseWords(text))),
			...codeProblems(packed, { 'verify/english': 'error' }),
			...['README.md', 'CHANGELOG.md'].flatMap((file) =>
				reported(file, portugueseWords(proseOf(packed.files.get(file) ?? ''))),
			),
		],
	},
];
