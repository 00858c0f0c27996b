import {
	NodeOperationError,
	toCronExpression,
	type ICredentialDataDecryptedObject,
	type INodeExecutionData,
	type ITriggerFunctions,
	type ITriggerResponse,
	type TriggerTime,
} from 'n8n-workflow';
import { isStartup, toActivationError } from '../core/activation';
import { deliveryId } from '../core/duplicate';
import {
	parseLogState,
	sortOldestFirst,
	findUnseen,
	markSeen,
	type LogEntry,
} from '../core/eventLog';
import { itemOf } from '../core/item';
import { NodeMemory } from '../core/nodeMemory';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { select } from '../core/selection';
import { readSettings, type Selection } from '../core/settings';
import { eventId, gen, timeOf } from './gen';
import { callGen, createRedactor, getAccount, unwrapList } from './genApi';

/** The delivery id of an entry: the same as the webhook's where both show the same JSON. */
export function getDeliveryId(body: JsonObject): string {
	const { name } = gen.eventOf({ body, headers: {}, query: {} });
	return deliveryId(gen, body, name, jsonBytes(body));
}

/** The entry as bytes. JSON.stringify throws where values are nested thousands of levels deep. */
function jsonBytes(body: JsonObject): Buffer {
	try {
		return Buffer.from(JSON.stringify(body));
	} catch {
		return Buffer.alloc(0);
	}
}

/**
 * The entries in the answer to `GET /api/events` ("Conferindo os eventos ocorridos"; no document shows its JSON), in
 * its order; `undefined` where it has no list. Entries with the same content are different events, unless they have the
 * same id of their own.
 */
export function parseLog(answer: Json): LogEntry[] | undefined {
	const copies = new Map<string, number>();
	return unwrapList(answer)?.flatMap((entry): LogEntry[] => {
		const body = isJsonObject(entry) ? entry : undefined;
		const id = getDeliveryId(body ?? { entry });
		const copy = (copies.get(id) ?? 0) + 1;
		copies.set(id, copy);
		if (copy > 1 && body && eventId(body) !== undefined) return [];
		return [{ key: copy > 1 ? `${id}#${copy}` : id, id, time: body && timeOf(body), body }];
	});
}

/**
 * The last states of closed triggers, by workflow and node. When a workflow is published again, n8n reads its static
 * data before it closes the old trigger, so the new one's data lacks what the old one emitted meanwhile.
 */
const closedStates = new Map<string, unknown>();

/**
 * Polls the event log and starts the workflow for each new event, once and in order.
 *
 * n8n saves a trigger's static data when the workflow is published and whenever the trigger emits, just before it
 * stores the execution. So events are marked as seen before they are emitted, and never emitted again. Where n8n is
 * killed between the two writes, that batch is lost (ADR 6).
 */
export class EventLog {
	private readonly selection: Selection;
	private readonly memory: NodeMemory;
	private isPolling = false;
	private isClosed = false;

	constructor(private readonly context: ITriggerFunctions) {
		this.selection = readSettings(context, gen).readSelection();
		this.memory = new NodeMemory(context, 'log');
	}

	/** The trigger's response to n8n. Polls once; throws where that fails, except when n8n starts. */
	async follow(): Promise<ITriggerResponse> {
		if (this.context.getMode() === 'manual') {
			return { manualTriggerFunction: async () => await this.emitNewest() };
		}
		await this.start();
		const { item = [] } = this.context.getNodeParameter('pollTimes') as { item?: TriggerTime[] };
		for (const time of item) {
			const expression = toCronExpression(time);
			this.context.helpers.registerCron({ expression }, () => void this.poll());
		}
		return { closeFunction: async () => this.close() };
	}

	private close(): void {
		this.isClosed = true;
		closedStates.set(this.id, this.memory.get());
	}

	/** The first poll. If it fails, publishing fails, except when n8n starts with a stored state. */
	private async start(): Promise<void> {
		await this.read().catch((error: unknown) => {
			if (!isStartup(this.context) || this.memory.get() === undefined) {
				throw toActivationError(this.context.getNode(), error);
			}
			this.report(error);
		});
	}

	/** One poll, unless another is running. Errors become failed executions. */
	private async poll(): Promise<void> {
		if (this.isPolling) return;
		this.isPolling = true;
		await this.read()
			.catch((error: unknown) => this.report(error))
			.finally(() => (this.isPolling = false));
	}

	private async read(): Promise<void> {
		const { credential, entries } = await this.fetch();
		// The trigger that replaces this one reads the same entries.
		if (this.isClosed) return;
		const account = getAccount(credential);
		const known = parseLogState(this.memory.get(), account);
		const closed = parseLogState(closedStates.get(this.id), account);
		const state = { account, seen: [...(known?.seen ?? []), ...(closed?.seen ?? [])] };
		const startsNow = this.context.getNodeParameter('startFrom', 'now') !== 'beginning';
		const fresh = !known && startsNow ? [] : findUnseen(state, entries);
		const items = this.toOutputs(fresh, credential, false);
		this.memory.set(markSeen(state, entries));
		closedStates.delete(this.id);
		if (items.flat().length > 0) this.context.emit(items);

		const unreadable = fresh.filter(({ body }) => !body).length;
		if (unreadable > 0) {
			throw new NodeOperationError(
				this.context.getNode(),
				`Gen's event log has entries that are not JSON objects (${unreadable}). Look at them in Gen under Perfil e preferências > Notificações.`,
			);
		}
	}

	private async fetch() {
		const credential = await this.context.getCredentials<ICredentialDataDecryptedObject>('genApi');
		const answer = await callGen(this.context, { method: 'GET', path: '/api/events' });
		const entries = parseLog(answer);
		if (!entries) {
			throw new NodeOperationError(
				this.context.getNode(),
				"Gen's event log must be a list. Check the base URL in the Gen API credential; if it is right, report the answer to GET /api/events to the maintainers of this package.",
			);
		}
		return { credential, entries };
	}

	/** A test in the editor: emits the newest selected event. */
	private async emitNewest(): Promise<void> {
		const { credential, entries } = await this.fetch();
		const newest = sortOldestFirst(entries, new Set()).findLast(
			({ body }) => body && this.select(body),
		);
		if (!newest) {
			throw new NodeOperationError(
				this.context.getNode(),
				"Gen's event log has no selected event. Make a test payment in Gen, or select other events.",
			);
		}
		this.context.emit(this.toOutputs([newest], credential, true));
	}

	private toOutputs(
		entries: LogEntry[],
		credential: ICredentialDataDecryptedObject,
		isTest: boolean,
	): INodeExecutionData[][] {
		const { chosen, isPerEvent } = this.selection;
		const outputs: INodeExecutionData[][] = Array.from(
			{ length: isPerEvent ? chosen.length : 1 },
			() => [],
		);
		const redact = createRedactor(credential);
		for (const { id, body } of entries) {
			const selected = body && this.select(body);
			if (!selected) continue;
			const json = itemOf(gen, selected.event, body, {
				id,
				isTest,
				redact,
				...this.selection,
			});
			outputs[isPerEvent ? selected.route : 0]?.push({ json });
		}
		return outputs;
	}

	private select(body: JsonObject) {
		const selected = select(gen, this.selection, { body, headers: {}, query: {} });
		return selected.kind === 'selected' ? selected : undefined;
	}

	/** Writes a line to n8n's log and saves a failed execution, which also starts the error workflow. */
	private report(error: unknown): void {
		const failure = toActivationError(this.context.getNode(), error);
		this.context.logger.error(failure.message, this.where);
		// n8n 1 has only emitError, which restarts the trigger with the state of its activation, so that events would be lost
		// or repeated. There the error is only logged.
		if (typeof this.context.saveFailedExecution === 'function') {
			this.context.saveFailedExecution(failure);
		}
	}

	private get id(): string {
		return `${this.context.getWorkflow().id} ${this.context.getNode().id}`;
	}

	private get where() {
		return { node: this.context.getNode().name, workflowId: this.context.getWorkflow().id };
	}
}
