import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { exportsOf } from './folders.mts';

type Defaults = Readonly<Record<string, INodeProperties['default']>>;

/** A webhook trigger, as saved workflows know it. */
export interface TriggerContract {
	name: string;
	displayName: string;
	credentials: INodeCredentialDescription[];
	/** The parameters with their defaults, in the order in which the editor shows them. */
	parameters: Defaults;
	/** The codes of the events, in the order of their outputs. */
	events: string[];
	/** The options with their defaults, beside those that every trigger has. */
	options: Defaults;
	filters: Defaults;
}

/** Another node, as saved workflows know it. */
export interface NodeContract {
	name: string;
	displayName: string;
	credential: string;
	isTrigger: boolean;
	parameters: Defaults;
	/** The operations by their resources. */
	operations: Readonly<Record<string, string[]>>;
}

/** A credential, as saved ones know it. */
export interface CredentialContract {
	name: string;
	displayName: string;
	fields: Defaults;
	/** The fields that the editor hides. */
	secrets: string[];
}

/** What saved workflows and credentials of one provider depend on: a change here breaks them. */
export interface Contract {
	trigger: TriggerContract;
	otherNodes?: NodeContract[];
	credentials: CredentialContract[];
}

/** The contract of every provider. */
export const contracts: readonly Contract[] = exportsOf('contract.mts', hasContract).map(
	({ contract }) => contract,
);

/** Whether a file exports what its name says; the compiler has checked what that is. */
function hasContract(loaded: object): loaded is { contract: Contract } {
	return 'contract' in loaded;
}
