import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

const NOT_OURS = new Set(['node_modules', 'dist', 'artifacts', '.git', '.n8n']);

/** Files and folders of the repository, as paths from its root. */
function pathsIn(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true })
		.filter(({ name }) => !NOT_OURS.has(name))
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			return entry.isDirectory() ? [path, ...pathsIn(path)] : [path];
		});
}

const paths = pathsIn(repositoryRoot).map((path) =>
	relative(repositoryRoot, path).split(sep).join('/'),
);
const topFolders = new Set(paths.flatMap((path) => path.match(/^[^/]+(?=\/)/) ?? []));
const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};

/** A page. Of the changelog only the unreleased part: older sections name what existed then. */
const read = (page: string) =>
	readFileSync(join(repositoryRoot, page), 'utf8').split(/^## \d+\.\d/m)[0] ?? '';
const withoutCode = (text: string) => text.replace(/^ *```.*?^ *```/gms, '');

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string) =>
	[...withoutCode(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);

function isDeadLink(page: string, link: string): boolean {
	const [file = '', anchor] = decodeURI(link).split('#');
	const target = file === '' ? page : join(dirname(page), file);
	if (!existsSync(join(repositoryRoot, target))) return true;
	return anchor !== undefined && !anchorsOf(target).includes(anchor);
}

/** `<Provider>`, `*` and `…` stand for any name; Loja Exemplo, the provider of the walk, for Woovi. */
function isDeadPath(path: string): boolean {
	const pattern = path
		.replace(/[.,/]+$/, '')
		.replaceAll('LojaExemplo', 'Woovi')
		.replaceAll('lojaExemplo', 'woovi')
		.replaceAll('loja-exemplo', 'woovi')
		.replace(/[.+?()[\]{}|^$\\]/g, '\\$&')
		.replace(/<[^>]+>|\*|…/g, '[^/]+');
	return !paths.some((known) => new RegExp(`^${pattern}$`).test(known));
}

const matches = (text: string, pattern: RegExp) =>
	[...text.matchAll(pattern)].map(([whole, group]) => group ?? whole);

it.each(paths.filter((path) => path.endsWith('.md')))(
	'%s names links, paths and npm scripts that exist',
	(page) => {
		const text = read(page);
		const links = matches(withoutCode(text), /\]\(([^)\s]+)\)/g).filter(
			(link) => !/^[a-z]+:/.test(link),
		);
		const named = matches(text, /```.*?```|`[^`\n]+`/gs)
			.flatMap((code) => code.split(/[\s`'"]+/))
			.filter((word) => word.includes('/') && topFolders.has(word.split('/')[0] ?? ''));
		const commands = matches(text, /npm run (?:--silent )?([\w:-]+)/g);
		expect({
			links: links.filter((link) => isDeadLink(page, link)),
			paths: named.filter(isDeadPath),
			commands: commands.filter((name) => !(name in scripts)),
		}).toEqual({ links: [], paths: [], commands: [] });
	},
);

it('the old paths of docs/from-webhook-node.md become the keys that the item reference gives them', () => {
	const page = 'docs/from-webhook-node.md';
	// Places in a list, however they are written.
	const generalized = (text: string) => text.replace(/\[[^\]]*\]|\.last\(\)/g, '[]');
	const providers = read(page).split(/^### /m).slice(1);
	expect(providers.length).toBeGreaterThan(3);
	const wrong = providers.flatMap((section) => {
		const [link = ''] = matches(section, /\]\(([\w-]+\.md)#item-reference\)/g);
		const reference = read(`docs/${link}`);
		const lines = generalized(reference).split('\n');
		const gives = (key: string, path: string) =>
			key === 'event'
				? reference.includes(`\`${path}\``)
				: lines.some((line) => line.startsWith(`| \`${key}\` |`) && line.includes(`\`${path}\``));
		return section.split('\n').filter((row) => {
			const [, path, keys = ''] = /^\| `\$json\.body\.([^ `]+).*? \| (.+) \|$/.exec(row) ?? [];
			return (
				path !== undefined &&
				!matches(keys, /\$json\.([^`]+)/g).every((key) =>
					gives(generalized(key), generalized(path)),
				)
			);
		});
	});
	expect(wrong).toEqual([]);
});
