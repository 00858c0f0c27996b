import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** A list of documented values, and the text beside it for the others. */
export interface ListFilter {
	displayName: string;
	name: string;
	options: INodePropertyOptions[];
	description: string;
	others: { displayName: string; name: string; placeholder: string; noun: string };
}

/** The two properties of such a filter: what is chosen and what is typed count alike. */
export const listAndOthers = ({ others, ...list }: ListFilter): INodeProperties[] => [
	{
		displayName: list.displayName,
		name: list.name,
		type: 'multiOptions',
		default: [],
		options: list.options,
		description: list.description,
	},
	{
		displayName: others.displayName,
		name: others.name,
		type: 'string',
		default: '',
		placeholder: others.placeholder,
		description: `More ${others.noun}, comma-separated, which the documentation does not name`,
	},
];
