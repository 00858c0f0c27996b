import type {
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import {
	includePayload,
	label,
	optionCollection,
	selectionProperties,
	triggerSubtitle,
} from '../core/description';
import { outputsExpression } from '../core/output';
import { checkSelected } from '../core/settings';
import { EventLog } from './eventLog';
import { gen } from './gen';

const startFrom: INodeProperties = {
	displayName: 'Start From',
	name: 'startFrom',
	type: 'options',
	// Read at a poll too, when n8n is not ready to evaluate an expression.
	noDataExpression: true,
	default: 'now',
	options: [
		{
			name: 'Beginning of the Log',
			value: 'beginning',
			description: 'The first poll brings every event that the log shows',
		},
		{
			name: 'Now',
			value: 'now',
			description: 'The first poll brings nothing: only events after it start the workflow',
		},
	],
	description: 'What the first poll after the workflow was published for the first time brings',
};

export class GenEventLogTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gen Event Log Trigger',
		name: 'genEventLogTrigger',
		icon: { light: 'file:gen.svg', dark: 'file:gen.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: triggerSubtitle,
		description:
			"Polls Gen's event log and starts the workflow for each new event, catching up after an outage",
		defaults: { name: 'Gen Event Log Trigger' },
		// Gives the node its Poll Times. It has no poll method: with a trigger method it decides itself when what it
		// remembers is saved.
		polling: true,
		inputs: [],
		outputs: outputsExpression(gen.events),
		credentials: [{ name: 'genApi', required: true }],
		properties: [startFrom, ...selectionProperties(gen), optionCollection([includePayload, label])],
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		checkSelected(this, gen);
		return await new EventLog(this).follow();
	}
}
