import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ESLint, Linter } from 'eslint';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

interface Ruleset {
	rules: Linter.RulesRecord;
}

/** n8n's rules for the texts and fields of nodes and credentials. */
export interface NodesBasePlugin extends ESLint.Plugin {
	configs: { community: Ruleset; credentials: Ruleset; nodes: Ruleset };
}

/** n8n's rules for community packages. */
interface CommunityPlugin {
	n8nCommunityNodesPlugin: { configs: { recommended: Linter.Config } };
}

// The plugins are dependencies of n8n-node, not of this package: ask where it finds them.
const fromRoot = createRequire(`${repositoryRoot}/package.json`);
const fromNodeCli = createRequire(fromRoot.resolve('@n8n/node-cli/eslint'));

/** The plugin `eslint-plugin-n8n-nodes-base`, as `n8n-node lint` has it. */
export function nodesBasePlugin(): NodesBasePlugin {
	const loaded: NodesBasePlugin & { default?: NodesBasePlugin } = fromNodeCli(
		'eslint-plugin-n8n-nodes-base',
	);
	return loaded.default ?? loaded;
}

/** The TypeScript parser, as `n8n-node lint` has it. */
export function typescriptParser(): Linter.Parser {
	const loaded: { parser: Linter.Parser } = fromNodeCli('typescript-eslint');
	return loaded.parser;
}

/** The recommended configuration of `@n8n/eslint-plugin-community-nodes`, as `n8n-node lint` has it. */
export async function communityConfig(): Promise<Linter.Config> {
	const file = pathToFileURL(fromNodeCli.resolve('@n8n/eslint-plugin-community-nodes')).href;
	const loaded = (await import(file)) as CommunityPlugin;
	return loaded.n8nCommunityNodesPlugin.configs.recommended;
}

/** n8n's rules that its own lint and its scanner both turn off for community packages. */
export const OFF_FOR_CREDENTIALS: Linter.RulesRecord = {
	'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
	'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
};
export const OFF_FOR_NODES: Linter.RulesRecord = {
	'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
	'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
	'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
};
