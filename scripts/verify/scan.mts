import { ESLint, type Linter } from 'eslint';
import {
	communityConfig,
	nodesBasePlugin,
	OFF_FOR_CREDENTIALS,
	OFF_FOR_NODES,
	typescriptParser,
} from './eslintTools.mts';

/** What `@n8n/scan-community-package` lints of the repository, and of the published package. */
export const SOURCE_PATTERNS = ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'];
export const PACKED_PATTERNS = ['**/*.js', 'package.json'];

/** The configuration of `@n8n/scan-community-package` 0.32.0. */
async function scanConfig(): Promise<Linter.Config[]> {
	const nodesBase = nodesBasePlugin();
	const { community, credentials, nodes } = nodesBase.configs;
	const parser = typescriptParser();
	return [
		await communityConfig(),
		{ rules: { 'no-console': 'error' } },
		{ plugins: { 'n8n-nodes-base': nodesBase } },
		{ files: ['package.json'], rules: community.rules },
		{
			files: ['**/credentials/**/*.ts'],
			rules: { ...credentials.rules, ...OFF_FOR_CREDENTIALS },
		},
		{ files: ['**/nodes/**/*.ts'], rules: { ...nodes.rules, ...OFF_FOR_NODES } },
		{ files: ['**/*.json', '**/*.ts'], languageOptions: { parser } },
	];
}

/**
 * The static part of `@n8n/scan-community-package`: no inline configuration counts, and no configuration file.
 * That scanner takes its code from the npm registry and GitHub, so it can only look at what is published already.
 * Given a folder and patterns in it; resolves with one line per error; warnings do not count there either.
 * Throws when the patterns fit no file.
 */
export async function scan(folder: string, patterns: string[]): Promise<string[]> {
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await scanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	return results.flatMap(({ filePath, messages }) =>
		messages
			.filter(({ severity }) => severity === 2)
			.map(
				({ line, message, ruleId }) =>
					`${filePath.slice(folder.length + 1)}:${line} ${message} (${ruleId ?? 'parser'})`,
			),
	);
}
