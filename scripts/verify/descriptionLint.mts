import { Linter } from 'eslint';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import {
	nodesBasePlugin,
	OFF_FOR_CREDENTIALS,
	OFF_FOR_NODES,
	typescriptParser,
} from './eslintTools.mts';
import type { LoadedCredential, LoadedNode } from './verifiedPackage.mts';

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

/** Choices that stand first and last on purpose: all of them, and what nobody has documented. */
const isCatchAll = (option: Option) =>
	'value' in option && (option.value === '*' || option.value === 'other');

/** A value as a TypeScript literal, with bare keys: n8n's rules look for those. */
const literal = (value: unknown) =>
	JSON.stringify(value, null, 1).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');

const sortable = (properties: INodeProperties[]) =>
	properties.map((property) => ({
		...property,
		...(property.options && {
			options: property.options.filter((option) => !isCatchAll(option)),
		}),
	}));

function findingsIn(code: string, filename: string, rules: Linter.RulesRecord): string[] {
	const config: Linter.Config = {
		files: ['**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBasePlugin() },
		languageOptions: { parser: typescriptParser() },
		rules,
	};
	const lines = code.split('\n');
	return new Linter({ cwd: '/' })
		.verify(code, [config], { filename })
		.map(({ line, message, ruleId }) => {
			const text = lines[line - 1]?.trim().replace(/,$/, '') ?? '';
			return `${filename.slice(1)}: ${text.slice(0, 100)}: ${message} (${ruleId ?? 'parser'})`;
		});
}

/**
 * n8n's own rules for the texts and fields of a node, applied to the description as it comes out of the package.
 * `n8n-node lint` reads the sources, where it cannot see what a function makes.
 */
export function nodeFindings({ className, description }: LoadedNode): string[] {
	const written = literal({ ...description, properties: sortable(description.properties) });
	const code = `export class ${className} implements INodeType { description: INodeTypeDescription = ${written}; }`;
	const file = `/nodes/${className}/${className}.node.ts`;
	return findingsIn(code, file, { ...nodesBasePlugin().configs.nodes.rules, ...OFF_FOR_NODES });
}

/** The same for a credential. */
export function credentialFindings({ className, type }: LoadedCredential): string[] {
	const fields = Object.entries(type)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => {
			const kind = key === 'properties' ? ': INodeProperties[]' : '';
			return `${key}${kind} = ${literal(value)};`;
		});
	const code = `export class ${className} implements ICredentialType {\n${fields.join('\n')}\n}`;
	return findingsIn(code, `/credentials/${className}.credentials.ts`, {
		...nodesBasePlugin().configs.credentials.rules,
		...OFF_FOR_CREDENTIALS,
	});
}
