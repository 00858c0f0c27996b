import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { releaseProblems } from '../../scripts/release/releaseProblems.mts';

interface Job {
	permissions: Record<string, string>;
	'timeout-minutes'?: number;
	steps: Array<{ uses?: string; run?: string; with?: Record<string, unknown> }>;
}
interface Workflow {
	permissions?: Record<string, string>;
	concurrency?: unknown;
	jobs: Record<string, Job>;
}

const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);
const folder = inRoot('.github', 'workflows');
const workflows = readdirSync(folder).map((file) => {
	const text = readFileSync(join(folder, file), 'utf8');
	return { file, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ file, workflow }) =>
	Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, job })),
);
const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};

/** What a job may write, and why. Everything else only reads. */
const WRITERS: Record<string, string[]> = {
	// The identity that npm's provenance and trusted publishing ask for.
	'publish.yml/publish': ['id-token'],
	// What was found goes to the repository's code scanning page.
	'codeql.yml/analyze': ['security-events'],
};

it('there are the workflows that the documentation names', () => {
	const files = workflows.map(({ file }) => file);
	expect(files.join(' ')).toBe('ci.yml codeql.yml full.yml publish.yml');
});

describe.each(workflows)('$file', ({ text, workflow }) => {
	it('gives nothing away: no permissions by default, no secrets, no run on behalf of strangers', () => {
		expect(workflow.permissions).toEqual({});
		expect(text).not.toMatch(/secrets\.|pull_request_target|workflow_run/);
	});

	it('names each action by commit and version', () => {
		const lines = text.split('\n').filter((line) => /\buses:/.test(line));
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) {
			expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		}
	});

	it('stops an older run, or waits for it', () => {
		expect(workflow.concurrency).toMatchObject({ group: expect.any(String) });
	});
});

describe.each(jobs)('$file/$name', ({ file, name, job }) => {
	it('may do what it needs and no more', () => {
		expect(job.permissions).toEqual(expect.any(Object));
		const written = Object.keys(job.permissions).filter((one) => job.permissions[one] === 'write');
		expect(written).toEqual(WRITERS[`${file}/${name}`] ?? []);
	});

	it('ends', () => {
		expect(job['timeout-minutes']).toBeGreaterThan(0);
	});

	it('leaves no token in the checkout', () => {
		for (const { uses, with: given } of job.steps) {
			if (uses?.startsWith('actions/checkout@')) {
				expect(given).toMatchObject({ 'persist-credentials': false });
			}
		}
	});

	it('runs npm scripts that exist, and puts no text of an event into a command', () => {
		for (const { run = '' } of job.steps) {
			const named = [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, one]) => one);
			for (const script of named) expect(Object.keys(scripts)).toContain(script);
			expect(run).not.toContain('${{');
		}
	});
});

it('the package is published with provenance', () => {
	const commands = jobs.flatMap(({ job }) => job.steps.map(({ run = '' }) => run));
	expect(commands.filter((run) => run.includes('npm publish'))).toEqual([
		expect.stringContaining(' --provenance '),
	]);
});

it('an action has one commit in all workflows', () => {
	const pins = new Map<string, Set<string>>();
	for (const { text } of workflows) {
		for (const [, action = '', pin = ''] of text.matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(.+)/g)) {
			pins.set(action, (pins.get(action) ?? new Set()).add(pin));
		}
	}
	expect([...pins].filter(([, known]) => known.size > 1)).toEqual([]);
});

it('updates are looked for in the actions, the package and the n8n of the tests', () => {
	const { version, updates } = parse(readFileSync(inRoot('.github', 'dependabot.yml'), 'utf8')) as {
		version: number;
		updates: Array<{ 'package-ecosystem': string; directory: string }>;
	};
	expect(version).toBe(2);
	expect(updates.map((one) => `${one['package-ecosystem']} ${one.directory}`)).toEqual([
		'github-actions /',
		'npm /',
		'npm /testkit/n8n/host',
	]);
});

describe('a release', () => {
	const release = {
		tag: 'v1.2.0',
		manifest: { name: 'x', version: '1.2.0', author: { email: 'a@shop.com.br' } },
		changelog:
			'# Changelog\n\n## 1.2.0 - 2027-01-31\n\n### Added\n\n- More.\n\n## 1.1.0 - 2027-01-01\n\n- Less.\n',
		promisedVersion: '1.2.0',
	};
	const changed = (changelog: string) => ({ ...release, changelog });

	it('may be published', () => {
		expect(releaseProblems(release)).toEqual([]);
		expect(releaseProblems(changed('## [1.2.0] - 2027-01-31\n\n- More.\n'))).toEqual([]);
	});

	it.each([
		['another tag', { ...release, tag: 'v1.2.1' }, 'The tag is v1.2.1'],
		['no section', changed('## 1.1.0 - 2027-01-01\n\n- Less.\n'), 'has no section "## 1.2.0'],
		['a section of 1.2.0-beta', changed('## 1.2.0-beta - 2027-01-01\n- x\n'), 'has no section'],
		['no date', changed('## Unreleased (1.2.0)\n\n- More.\n'), 'has no section "## 1.2.0'],
		['an empty section', changed('## 1.2.0 - 2027-01-31\n\n## 1.1.0\n\n- Less.\n'), 'is empty'],
		[
			'a placeholder',
			{ ...release, manifest: { ...release.manifest, author: { email: 'me@example.com' } } },
			'placeholder',
		],
		['an old promise', { ...release, promisedVersion: '1.1.0' }, 'contract.json is that of 1.1.0'],
		['no author', { ...release, manifest: { name: 'x', version: '1.2.0' } }, 'placeholder'],
	])('may not with %s', (_, refused, says) => {
		expect(releaseProblems(refused).join('\n')).toContain(says);
	});
});
