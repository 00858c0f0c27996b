import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOutput, type N8nApi, type WorkflowInput } from '../../testkit/n8n/api.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { cleanOrder } from '../../nodes/GestaoOnline/actions/order/get';
import { expectedItem } from '../../testkit/providers/items.mts';
import { senderOf, type JsonObject } from '../../testkit/providers/senders.mts';
import { connect } from '../../testkit/live/harness.mts';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder).map((file) => {
	const text = readFileSync(join(folder, file), 'utf8');
	const workflow: WorkflowInput = JSON.parse(text);
	return { file, text, workflow };
});
const OWN = 'n8n-nodes-brazil-commerce.';

let n8n: N8nApi;
beforeAll(async () => {
	n8n = await connect();
});

describe.each(examples)('$file', ({ text, workflow }) => {
	it('can be imported twice, and holds no address and no secret', async () => {
		expect(text).not.toMatch(/"(webhookId|credentials|instanceId)"/);
		for (const [address] of text.matchAll(/[\w.]+@[\w.]+/g)) {
			expect(address).toMatch(/@(email|example|exemplo|teste)\.com(\.br)?$/);
		}
		expect(workflow.name).toMatch(/^Example: /);
		expect(workflow.nodes.map(({ name }) => name)).toContain('About This Workflow');
		const imported = [await n8n.createWorkflow(workflow), await n8n.createWorkflow(workflow)];
		const ids = imported.flatMap(({ nodes }) => nodes.flatMap(({ webhookId }) => webhookId ?? []));
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("uses only this package's and n8n's own nodes, in versions that exist", async () => {
		const known = (await n8n.getTypes('nodes')) as Array<{
			name: string;
			version: number | number[];
		}>;
		for (const { type, typeVersion } of workflow.nodes) {
			expect(type.startsWith(OWN) || type.startsWith('n8n-nodes-base.')).toBe(true);
			const versions = known.filter(({ name }) => name === type).flatMap(({ version }) => version);
			expect(versions).toContain(typeVersion);
		}
	});

	it('stops on errors: what an error output passes on is the error, not the delivery', () => {
		const goingOn = workflow.nodes.filter(
			({ onError = 'stopWorkflow', continueOnFail }) =>
				onError !== 'stopWorkflow' || continueOnFail,
		);
		expect(goingOn.map(({ name }) => name)).toEqual([]);
	});

	it('has all triggers pinned where they have one output', () => {
		const triggers = workflow.nodes.filter(({ type }) => /^n8n-nodes-brazil.*Trigger$/.test(type));
		expect(triggers.length).toBeGreaterThan(0);
		for (const { name, parameters } of triggers) {
			const isPinned = Object.hasOwn(workflow.pinData ?? {}, name);
			expect([name, isPinned]).toEqual([name, parameters?.outputMode !== 'perEvent']);
		}
	});
});

/** The pinned json of a node. */
const pinned = (workflow: WorkflowInput, name: string) =>
	(workflow.pinData?.[name] as Array<{ json: JsonObject }>).map(({ json }) => json);

const runs = examples.flatMap(({ file, workflow }) =>
	Object.keys(workflow.pinData ?? {}).map((name) => ({ file, workflow, name })),
);

describe.each(runs.filter(({ name }) => name.endsWith('Trigger')))(
	'$file, from $name',
	({ workflow, name }) => {
		it('has a documented event pinned, as the trigger makes it', () => {
			for (const { delivery, ...item } of pinned(workflow, name)) {
				const { folder } = senderOf(String(item.provider));
				const reviewed = expectedItem(folder, String(item.event));
				const receivedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
				const { delivery: expected, ...rest } = reviewed;
				expect(item).toEqual(rest);
				expect(delivery).toEqual({ ...(expected as JsonObject), receivedAt });
			}
		});

		it('runs green before any event has arrived', async () => {
			const quick = workflow.nodes.map((node) =>
				node.type === 'n8n-nodes-base.wait'
					? { ...node, parameters: { amount: 1, unit: 'seconds' } }
					: node,
			);
			const { id } = await n8n.createWorkflow({ ...workflow, nodes: quick });
			const execution = await n8n.run(id, name);
			expect(execution.data.resultData.error).toBeUndefined();
			expect(execution.status).toBe('success');
			const last = execution.data.resultData.lastNodeExecuted ?? '';
			const [item] = nodeOutput(execution, last).flat();
			expect(item).toBeDefined();
		});
	},
);

it('the pinned order of Gestão Online is what Get makes of the documented one', () => {
	const example = examples.find(({ file }) => file === 'gestao-online.json');
	if (!example) throw new Error('There is no such example.');
	const order: JsonObject = JSON.parse(
		readFileSync(join(repositoryRoot, 'testkit/mockApis/gestaoOnlineOrder.json'), 'utf8'),
	);
	expect(pinned(example.workflow, 'Get Order')).toEqual([cleanOrder(order)]);
});
