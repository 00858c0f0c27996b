import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';

/** What of package.json the rules look at. */
export interface Manifest {
	name?: string;
	version?: string;
	license?: string;
	keywords?: string[];
	scripts?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	n8n?: { strict?: boolean; nodes?: string[]; credentials?: string[] };
	[key: string]: unknown;
}

/** A node as it came out of the packed file. */
export interface LoadedNode {
	/** Its path in the package. */
	file: string;
	className: string;
	description: INodeTypeDescription;
	/** The names in `methods.credentialTest`. */
	credentialTests: string[];
	/** The names in `webhookMethods.default`. */
	lifecycle: string[];
	/** Whether n8n can run it: it has the function that its kind needs. */
	runs: boolean;
}

/** A credential as it came out of the packed file. */
export interface LoadedCredential {
	file: string;
	className: string;
	type: Pick<
		ICredentialType,
		'name' | 'displayName' | 'icon' | 'documentationUrl' | 'properties' | 'test'
	>;
}

/** Everything that the rules look at, read once. */
export interface VerifiedPackage {
	manifest: Manifest;
	/** The packed files, by their path in the package. */
	files: ReadonlyMap<string, string>;
	/** The size of the tarball. */
	bytes: number;
	nodes: LoadedNode[];
	credentials: LoadedCredential[];
	/** What package.json names and does not load, with the reason. */
	unloadable: string[];
	/** What `n8n-node lint` finds in the repository. */
	lintFindings: string[];
	/** What the static part of n8n's scanner finds in the sources, and in the packed files. */
	sourceFindings: string[];
	packedFindings: string[];
	/** `eslint.config.mjs`, and what n8n's template has there. */
	eslintConfig: string;
	defaultEslintConfig: string;
	/** The files of `.github/workflows`, by their names. */
	workflows: ReadonlyMap<string, string>;
}
