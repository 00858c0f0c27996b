import { setTimeout as sleep } from 'node:timers/promises';
import { createsDataTables } from '../../testkit/live/differences.mts';
import {
	activateExample,
	createApiCredential,
	deleteTables,
	exampleNames,
	readExample,
	tableRows,
	type LiveExample,
} from '../../testkit/live/examples.mts';
import {
	EVERY_SECOND,
	GEN_EVENT_LOG_TRIGGER,
	GEN_TRIGGER,
	genCredential,
	startGen,
} from '../../testkit/live/gen.mts';
import {
	connect,
	deliver,
	eventually,
	expectExecutions,
	liveTrigger,
	RECEIVED,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';
import { GestaoOnlineMockApi } from '../../testkit/mockApis/gestaoOnline.mts';
import {
	nodeOutput,
	type Execution,
	type N8nApi,
	type WorkflowInput,
	type WorkflowNode,
} from '../../testkit/n8n/api.mts';
import { copyOf, objectAt } from '../../testkit/providers/samples.mts';
import { senderOf, senders, type JsonObject } from '../../testkit/providers/senders.mts';

const TABLE = 'n8n-nodes-base.dataTable';
const usesTables = ({ nodes }: WorkflowInput) => nodes.some(({ type }) => type === TABLE);
const runs = (workflow: WorkflowInput) => createsDataTables || !usesTables(workflow);

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));
beforeEach(async () => {
	if (createsDataTables) await deleteTables(n8n);
});

/** What a test has started, mock APIs and workflows that poll, is stopped whatever becomes of the test. */
const stops: Array<() => Promise<unknown>> = [];
afterEach(async () => {
	for (const stop of stops.splice(0).reverse()) await stop();
});

/** The items that reached a node, over all its runs; none where it did not run. */
const itemsOf = (execution: Execution, node: string) =>
	(execution.data.resultData.runData[node] ?? []).flatMap((_, run) =>
		nodeOutput(execution, node, run).flat(),
	);

/** What the nodes put out over all executions of a workflow: their json, by node. */
async function outcome(workflowId: string, ...nodes: string[]): Promise<JsonObject> {
	const executions = await n8n.executions(workflowId);
	const read = await Promise.all(executions.map(async ({ id }) => await n8n.execution(id)));
	for (const { status, data } of read) {
		expect([status, data.resultData.error]).toEqual(['success', undefined]);
	}
	return Object.fromEntries(
		nodes.map((node) => [node, read.flatMap((one) => itemsOf(one, node)) as JsonObject[]]),
	);
}

const withText = (...texts: string[]) => texts.map((text) => expect.objectContaining({ text }));
const ANY = expect.anything();

const CART = `Olá, Nome! Seu carrinho de R$ 1.399,90 está guardado:
• 2x SNKOWBOARD

Para concluir a compra: https://dev.app.goatcom.io/checkout/KEQ-gR3Afthbr0HBu684TAH8GBaKVUJ-MxfJ-wce1Xw`;
const REQUEST = `Nova solicitação do pedido 5001234, de Maria Fernanda Santos:
• 1x Vestido Longo Estampado Floral Verão - G (R$ 247,40): Tamanho não serviu`;
const VOUCHER =
	'Olá, Maria! Seu vale-troca de R$ 247,40 está pronto. Código: TEDEXEMPLO123, válido até 15/06/2031.';
const CANCELED =
	'Pedido 0000593098 de Solucoes Inteligentes Servicos EIRELI foi cancelado com R$ 150,00 pagos. Confiram se há valor a devolver.';
const PAYMENT = 'Pagamento 12ac0bcb-397b-776d-a621-fce33ec302e9 de R$ 100,00: PENDING';

/** What each example's nodes put out when it runs from the pinned items of a trigger; an empty list: did not run. */
const FROM_PINNED: Record<string, Record<string, Record<string, unknown[]>>> = {
	'abandoned-cart': {
		'GoatCom Trigger': {
			WhatsApp: [],
			'E-mail': [expect.objectContaining({ to: 'email@exemplo.com', text: CART })],
			'Remember Message': [expect.objectContaining({ cartId: '11569', reason: 'message sent' })],
		},
	},
	'paid-orders-to-spreadsheet': {
		'GoatCom Trigger': {
			'Orders Sheet': [
				{
					Pedido: '493',
					Situação: 'PAID',
					'Pago em': '2025-06-13T00:00:00-03:00',
					Cliente: 'Nome do Cliente',
					'E-mail': 'email@exemplo.com',
					Total: 80,
				},
			],
			'Products Sheet': [
				{
					Linha: '493-21',
					Pedido: '493',
					Produto: 'SNKOWBOARD',
					Variação: 'Ice / P',
					Quantidade: 2,
					Preço: 699.95,
				},
			],
		},
	},
	'returns-desk': {
		'Troque & Devolva Trigger': {
			Slack: withText(REQUEST),
			'E-mail': [expect.objectContaining({ to: 'maria.fernanda@exemplo.com.br', text: VOUCHER })],
			'Google Tasks': [expect.objectContaining({ title: 'Solicitação recusada: pedido 5001234' })],
		},
	},
	'canceled-order': {
		'Gestão Online Trigger': { Slack: withText(CANCELED), 'Nothing to Do': [] },
	},
	'gen-payments-once': {
		'Gen Trigger': {
			'Do the Work': withText(PAYMENT),
			'Mark It Done': [expect.objectContaining({ state: 'done' })],
		},
		// The same delivery: it is done.
		'Gen Event Log Trigger': { 'Take It In': [ANY], 'Do the Work': [] },
	},
	inbox: {
		'Gestão Online Trigger': { 'Do the Work': withText('gestaoOnline: ORDER_CREATED, 100') },
		'GoatCom Trigger': { 'Do the Work': withText('goatCom: ORDER_APPROVED, 493') },
		'Troque & Devolva Trigger': {
			'Do the Work': withText('troqueDevolva: request.authorized, abc123def456ghi789jkl017'),
		},
		'Gen Trigger': { 'Mark It Done': [expect.objectContaining({ state: 'done' })] },
		'Woovi Trigger': {
			'Do the Work': withText('woovi: OPENPIX:CHARGE_COMPLETED, pedido-1042-01'),
		},
		'AbacatePay Trigger': {
			'Do the Work': withText('abacatePay: checkout.completed, bill_Wn5cJp8RsY2eKd4Q'),
		},
	},
	woovi: {
		'Woovi Trigger': {
			'Send Receipt': [expect.objectContaining({ subject: 'Receipt for Pedido 1042' })],
			'Add Row': [expect.objectContaining({ order: 'pedido-1042-01', total: '149.9' })],
		},
	},
	abacatepay: {
		'AbacatePay Trigger': {
			'Send Alert': [
				expect.objectContaining({ message: expect.stringContaining('Attempt 1 of 3') }),
			],
			'Send Message': [expect.objectContaining({ to: 'ana.prado@example.com' })],
		},
	},
	'error-alert': {
		'Error Trigger': {
			Slack: withText(
				'O workflow "Example Workflow" falhou em "Node With Error": Example Error Message\nhttps://n8n.example.com/workflow/1/executions/231',
			),
		},
	},
};

describe.each(exampleNames.map((name) => ({ name, workflow: readExample(name) })))(
	'$name',
	({ name, workflow }) => {
		it("can be imported, and uses only this package's and n8n's own nodes, in versions that exist", async () => {
			await n8n.createWorkflow(workflow);
			for (const { type, typeVersion } of workflow.nodes) {
				expect(type).toMatch(
					/^(n8n-nodes-brazil-commerce|n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./,
				);
				if (type === TABLE && !createsDataTables) continue;
				const known = n8n.session.nodes.filter(({ name: node }) => node === type);
				const versions = known.flatMap(({ version }) => version);
				expect([type, versions]).toEqual([type, expect.arrayContaining([typeVersion])]);
			}
		});

		const expected = FROM_PINNED[name];
		if (!expected || !runs(workflow)) return;
		it('runs from its pinned events to the end, twice', async () => {
			const { id } = await n8n.createWorkflow(workflow);
			for (const [trigger, nodes] of Object.entries(expected)) {
				const execution = await n8n.run(id, trigger);
				expect(execution.data.resultData.error).toBeUndefined();
				expect(execution.status).toBe('success');
				const actual = Object.keys(nodes).map((node) => [node, itemsOf(execution, node)]);
				expect(Object.fromEntries(actual)).toEqual(nodes);
			}
			// A second import finds the table that the first one made.
			const again = await n8n.createWorkflow(workflow);
			const [trigger = ''] = Object.keys(expected);
			expect((await n8n.run(again.id, trigger)).status).toBe('success');
		});
	},
);

/** An example that is active, with other parameters for some of its nodes. */
async function live(
	name: string,
	parameters: Record<string, JsonObject> = {},
	credentials: Record<string, WorkflowNode['credentials']> = {},
): Promise<LiveExample> {
	const example = await activateExample(n8n, readExample(name), (node) => ({
		...(parameters[node.name] && { parameters: { ...node.parameters, ...parameters[node.name] } }),
		...(credentials[node.type] && { credentials: credentials[node.type], disabled: false }),
	}));
	stops.push(async () => await n8n.deactivate(example.workflow.id));
	return example;
}

/** Delivers an event that changes as given, and expects it to be accepted. */
async function accept(
	{ triggers }: LiveExample,
	provider: string,
	event: string,
	change: (payload: JsonObject) => void = () => undefined,
): Promise<void> {
	const trigger = triggers.get(provider);
	if (!trigger) throw new Error(`The example has no trigger of ${provider}.`);
	const payload = copyOf(trigger.sender.sample(event));
	change(payload);
	expect((await deliver(trigger, event, { payload })).json).toEqual(RECEIVED);
}

/** Parameters of a schedule that does not run while a test counts executions. */
const NEVER = { rule: { interval: [{ field: 'months' }] } };

const ended = async ({ workflow }: LiveExample, count: number) =>
	await expectExecutions({ n8n, workflowId: workflow.id }, count);

it('the returns desk: each event goes its way', async () => {
	const example = await live('returns-desk');
	for (const event of ['request.created', 'request.done', 'request.rejected']) {
		await accept(example, 'troqueDevolva', event);
	}
	await ended(example, 3);
	expect(await outcome(example.workflow.id, 'Slack', 'E-mail', 'Google Tasks')).toEqual({
		Slack: withText(REQUEST),
		'E-mail': withText(VOUCHER),
		'Google Tasks': [ANY],
	});
});

it('a canceled order: finance hears of what was paid only', async () => {
	const erp = await GestaoOnlineMockApi.start();
	stops.push(async () => await erp.stop());
	const unpaid = { statusPayment: 'PENDENTE', financialItems: [] };
	erp.setOrder('593', unpaid);
	const { id, name } = await n8n.createCredential('gestaoOnlineApi', 'ERP', erp.credential());
	const gestaoOnlineApi = { id, name };
	const example = await live(
		'canceled-order',
		{},
		{
			'n8n-nodes-brazil-commerce.gestaoOnline': { gestaoOnlineApi },
		},
	);
	for (const order of ['100', '593']) {
		await accept(example, 'gestaoOnline', 'ORDER_CANCEL', ({ data }) =>
			Object.assign(data ?? {}, { id: order }),
		);
	}
	await ended(example, 2);
	expect(await outcome(example.workflow.id, 'Slack', 'Nothing to Do')).toEqual({
		Slack: withText(CANCELED),
		'Nothing to Do': [expect.objectContaining({ paid: 0 })],
	});
});

// n8n 1 imports workflows with tables, but cannot run them.
if (createsDataTables) {
	it('an abandoned cart: no message where an order came during the wait, one message at most', async () => {
		const example = await live('abandoned-cart', { 'Wait an Hour': { amount: 4 } });
		const cart = (id: number, phone?: string) => (payload: JsonObject) => {
			Object.assign(objectAt(payload, 'cart'), { id });
			if (phone) Object.assign(objectAt(objectAt(payload, 'cart'), 'customer'), { phone });
		};
		await accept(example, 'goatCom', 'CART_ABANDONED', cart(1));
		await accept(example, 'goatCom', 'CART_ABANDONED', cart(2));
		await accept(example, 'goatCom', 'CART_ABANDONED', cart(3, '11987654321'));
		await sleep(500);
		await accept(example, 'goatCom', 'ORDER_CREATED', cart(1));
		await ended(example, 4);
		await accept(example, 'goatCom', 'CART_ABANDONED', (payload) => {
			cart(2)(payload);
			payload.again = true;
		});
		await ended(example, 5);
		expect(await outcome(example.workflow.id, 'WhatsApp', 'E-mail')).toEqual({
			WhatsApp: [expect.objectContaining({ cartId: '3', phone: '+5511987654321' })],
			'E-mail': [expect.objectContaining({ cartId: '2', text: CART })],
		});
		expect((await tableRows(n8n)).map(({ cartId, reason }) => [cartId, reason]).sort()).toEqual([
			['1', 'ordered'],
			['2', 'message sent'],
			['3', 'message sent'],
		]);
	});

	it('paid orders: an order in three statuses, two of them at once, is one row', async () => {
		const example = await live('paid-orders-to-spreadsheet');
		const send = async (status: string) =>
			await accept(example, 'goatCom', 'ORDER_UPDATE', (order) => Object.assign(order, { status }));
		await Promise.all([send('PAID'), send('INVOICED')]);
		await ended(example, 2);
		await send('IN_TRANSIT');
		await ended(example, 3);
		expect(await tableRows(n8n)).toEqual([
			expect.objectContaining({ orderId: '493', status: 'IN_TRANSIT', total: 80 }),
		]);
	});

	it('Gen payments: what the webhook and the event log both bring is done once', async () => {
		const gen = await startGen(n8n);
		stops.push(async () => await gen.stop());
		const { id, name } = await genCredential(n8n, gen);
		const genApi = { id, name };
		const example = await live(
			'gen-payments-once',
			{ 'Gen Event Log Trigger': { pollTimes: EVERY_SECOND }, 'Every 5 Minutes': NEVER },
			{ [GEN_TRIGGER]: { genApi }, [GEN_EVENT_LOG_TRIGGER]: { genApi } },
		);
		const payments = Array.from({ length: 5 }, (_, index) => `payment-${index}`);
		for (const payment of payments) {
			await gen.emit('PAYMENT.CREATED', { id: payment, total_cents: 139990, status: 'PAID' });
		}
		await eventually(async () => {
			const taken = await outcome(example.workflow.id, 'Take It In');
			expect(taken['Take It In']).toHaveLength(2 * payments.length);
		});
		const { 'Do the Work': done } = await outcome(example.workflow.id, 'Do the Work');
		expect((done as JsonObject[]).map(({ text }) => text).sort()).toEqual(
			payments.map((payment) => `Pagamento ${payment} de R$ 1.399,90: PAID`),
		);
	});

	it('the inbox: five copies of a delivery at once are one row, worked on once', async () => {
		const example = await live('inbox', {
			'GoatCom Trigger': { options: { ignoreDuplicates: false, label: 'Loja Centro' } },
			'Every 5 Minutes': NEVER,
		});
		const copies = Array<string>(5).fill('goatCom');
		await Promise.all(
			[...copies, 'troqueDevolva', 'gen', 'gestaoOnline', 'woovi', 'abacatePay'].map(
				async (provider) => {
					await accept(example, provider, senderOf(provider).events[0] ?? '');
				},
			),
		);
		await ended(example, 10);
		const { 'Do the Work': done } = await outcome(example.workflow.id, 'Do the Work');
		expect(done).toHaveLength(6);
		expect(
			(await tableRows(n8n)).map(({ provider, label, state }) => [provider, label, state]).sort(),
		).toEqual([
			['abacatePay', '', 'done'],
			['gen', '', 'done'],
			['gestaoOnline', '', 'done'],
			['goatCom', 'Loja Centro', 'done'],
			['troqueDevolva', '', 'done'],
			['woovi', '', 'done'],
		]);
	});
}

it('the error alert names provider, event, ID and the execution', async () => {
	const { credentials } = await createApiCredential(n8n, 'execution:read');
	const alert = await live('error-alert', {}, { 'n8n-nodes-base.n8n': credentials });
	const trigger = await liveTrigger(n8n, senderOf('goatCom'), {
		chain: [
			{
				name: 'Fails',
				type: 'n8n-nodes-base.stopAndError',
				typeVersion: 1,
				parameters: { errorMessage: 'The stock is empty' },
			},
		],
	});
	const { settings } = await n8n.getWorkflow(trigger.workflowId);
	const errorWorkflow = { ...settings, errorWorkflow: alert.workflow.id };
	await n8n.updateWorkflow(trigger.workflowId, { settings: errorWorkflow });
	await n8n.activate(trigger.workflowId);
	await deliver(trigger, 'ORDER_APPROVED');
	await ended(alert, 1);
	const [failed] = await n8n.executions(trigger.workflowId);
	const { Slack: alerts } = await outcome(alert.workflow.id, 'Slack');
	const [{ text = '' } = {}, ...more] = alerts as JsonObject[];
	expect(more).toEqual([]);
	const { name: failing } = await n8n.getWorkflow(trigger.workflowId);
	expect(String(text).split('\n')).toEqual([
		`O workflow "${failing}" falhou em "Fails": The stock is empty`,
		'goatCom ORDER_APPROVED, ID 493',
		expect.stringMatching(
			new RegExp(`^https?://.+/workflow/${trigger.workflowId}/executions/${failed?.id}$`),
		),
	]);
});

it('a test delivery reaches the trigger of each provider that does not sign', async () => {
	const names: Record<string, string> = {
		gestaoOnline: 'token',
		troqueDevolva: 'X-Webhook-Token',
		gen: 'Authorization',
		abacatePay: 'X-Webhook-Secret',
	};
	const triggers: LiveTrigger[] = [];
	for (const sender of senders) {
		if (!sender.signing) triggers.push(await liveTrigger(n8n, sender));
	}
	const example = readExample('test-delivery');
	const nodes = example.nodes.map(async (node): Promise<WorkflowNode> => {
		const to = triggers.find(({ sender }) => node.name === `Send to ${sender.displayName}`);
		if (!to) return node;
		const { sender, token, url } = to;
		const type = String(node.parameters?.genericAuthType);
		// A bearer token, or a name and its value.
		const data = { token, name: names[sender.provider] ?? '', value: token };
		const { id, name } = await n8n.createCredential(type, sender.provider, data);
		const parameters = { ...node.parameters, url };
		return { ...node, disabled: false, parameters, credentials: { [type]: { id, name } } };
	});
	const { id } = await n8n.createWorkflow({ ...example, nodes: await Promise.all(nodes) });
	// A second run is not a duplicate.
	for (const count of [1, 2]) {
		const execution = await n8n.run(id, 'Send Now');
		expect(execution.data.resultData.error).toBeUndefined();
		for (const trigger of triggers) {
			const node = `Send to ${trigger.sender.displayName}`;
			expect([node, itemsOf(execution, node)]).toEqual([node, [RECEIVED]]);
			await expectExecutions(trigger, count);
		}
	}
});
