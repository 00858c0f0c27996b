import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanOrder } from '../../nodes/GestaoOnline/actions/order/get';
import { connect } from '../../testkit/live/harness.mts';
import { nodeOutput, type N8nApi, type WorkflowInput } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { expectedItem } from '../../testkit/providers/items.mts';
import { senderOf, type JsonObject } from '../../testkit/providers/senders.mts';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder).map((file) => {
	const text = readFileSync(join(folder, file), 'utf8');
	const workflow: WorkflowInput = JSON.parse(text);
	return { file, text, workflow };
});
const isOwnTrigger = (type: string) => /^n8n-nodes-brazil-commerce\..*Trigger$/.test(type);

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** The pinned json of a node. */
const pinned = (workflow: WorkflowInput, name: string) =>
	(workflow.pinData?.[name] as Array<{ json: JsonObject }>).map(({ json }) => json);

describe.each(examples)('$file', ({ text, workflow }) => {
	it('holds no address and no secret, names itself, and stops on errors', () => {
		expect(text).not.toMatch(/"(webhookId|credentials|instanceId)"/);
		for (const [address] of text.matchAll(/[\w.]+@[\w.]+/g)) {
			expect(address).toMatch(/@(email|example|exemplo|teste)\.com(\.br)?$/);
		}
		expect(workflow.name).toMatch(/^Example: /);
		expect(workflow.nodes.map(({ name }) => name)).toContain('About This Workflow');
		// What an error output passes on is the error, not the delivery.
		for (const { onError = 'stopWorkflow', continueOnFail } of workflow.nodes) {
			expect([onError, continueOnFail]).toEqual(['stopWorkflow', undefined]);
		}
	});

	it("can be imported twice, and uses only this package's and n8n's own nodes, in versions that exist", async () => {
		const imported = [await n8n.createWorkflow(workflow), await n8n.createWorkflow(workflow)];
		const ids = imported.flatMap(({ nodes }) => nodes.flatMap(({ webhookId }) => webhookId ?? []));
		expect(new Set(ids).size).toBe(ids.length);
		for (const { type, typeVersion } of workflow.nodes) {
			expect(type).toMatch(/^(n8n-nodes-brazil-commerce|n8n-nodes-base)\./);
			const known = n8n.session.nodes.filter(({ name }) => name === type);
			const versions = known.flatMap(({ version }) => version);
			expect(versions).toContain(typeVersion);
		}
	});

	it('runs green before any event has arrived, from documented events that are pinned where a trigger has one output', async () => {
		const triggers = workflow.nodes.filter(({ type }) => isOwnTrigger(type));
		expect(triggers.length).toBeGreaterThan(0);
		const nodes = workflow.nodes.map((node) =>
			node.type === 'n8n-nodes-base.wait'
				? { ...node, parameters: { amount: 1, unit: 'seconds' } }
				: node,
		);
		const { id } = await n8n.createWorkflow({ ...workflow, nodes });
		for (const { name, parameters } of triggers) {
			const isPinned = Object.hasOwn(workflow.pinData ?? {}, name);
			expect([name, isPinned]).toEqual([name, parameters?.outputMode !== 'perEvent']);
			if (!isPinned) continue;
			for (const item of pinned(workflow, name)) {
				const reviewed = expectedItem(senderOf(String(item.provider)).folder, String(item.event));
				const receivedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
				const delivery = { ...Object(reviewed.delivery), receivedAt };
				expect(item).toEqual({ ...reviewed, delivery });
			}
			const execution = await n8n.run(id, name);
			expect(execution.data.resultData.error).toBeUndefined();
			expect(execution.status).toBe('success');
			const last = execution.data.resultData.lastNodeExecuted ?? '';
			expect(nodeOutput(execution, last).flat().length).toBeGreaterThan(0);
		}
	});
});

it('the pinned order of Gestão Online is what Get makes of the documented one', () => {
	const example = examples.find(({ file }) => file === 'gestao-online.json');
	if (!example) throw new Error('There is no such example.');
	const order: JsonObject = JSON.parse(
		readFileSync(join(repositoryRoot, 'testkit/mockApis/gestaoOnlineOrder.json'), 'utf8'),
	);
	expect(pinned(example.workflow, 'Get Order')).toEqual([cleanOrder(order)]);
});
