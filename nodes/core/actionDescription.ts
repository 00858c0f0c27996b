import type { INodeProperties } from 'n8n-workflow';
import type { ActionOperation, ActionResource } from './action';

/** The node's subtitle on the canvas, such as "create: order". */
export const actionSubtitle = '={{$parameter["operation"] + ": " + $parameter["resource"]}}';

/** All parameters of an action node: Resource, Operation, and the fields of each operation. */
export const actionProperties = (
	resources: readonly ActionResource[],
	defaultResource: string,
): INodeProperties[] => [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: defaultResource,
		options: resources.map(({ name, value }) => ({ name, value })),
	},
	...resources.flatMap(resourceProperties),
];

function resourceProperties(resource: ActionResource): INodeProperties[] {
	const { operations } = resource;
	const shown = (property: INodeProperties, where: readonly ActionOperation[]) => ({
		...property,
		displayOptions: {
			show: {
				resource: [resource.value],
				...(where.length > 0 && { operation: where.map(({ value }) => value) }),
				...property.displayOptions?.show,
			},
		},
	});
	// A property object that several operations share becomes one parameter.
	const own = new Set(operations.flatMap(({ properties }) => properties));
	const listing = operations.filter(({ returnsMany }) => returnsMany);
	const simplifying = operations.filter(({ simplifies }) => simplifies);
	return [
		shown(operationProperty(resource), []),
		...[...own].map((property) =>
			shown(
				property,
				operations.filter(({ properties }) => properties.includes(property)),
			),
		),
		...(listing.length > 0 ? listProperties.map((property) => shown(property, listing)) : []),
		...(simplifying.length > 0 ? [shown(simplify, simplifying)] : []),
	];
}

function operationProperty({ operations, defaultOperation = operations[0] }: ActionResource) {
	const { value: initial } = defaultOperation;
	const property: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: initial,
		options: operations.map(({ name, value, action, description }) => ({
			name,
			value,
			action,
			description,
		})),
	};
	return property;
}

const listProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
