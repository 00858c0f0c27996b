import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	exampleNames,
	examplesFolder,
	pinnedItems,
	readExample,
} from '../../testkit/live/examples.mts';
import { expectedItem } from '../../testkit/providers/items.mts';
import { senderOf, senders, type JsonObject } from '../../testkit/providers/senders.mts';

const isTrigger = (type: string) => /^n8n-nodes-brazil-commerce\..*Trigger$/.test(type);

/** The reviewed item of the event that is pinned. */
function reviewed({ provider, event }: JsonObject): JsonObject {
	const item = expectedItem(senderOf(String(provider)).folder, String(event));
	Object.assign(item.delivery ?? {}, { receivedAt: '2026-11-20T12:00:00.000Z' });
	return item;
}

describe.each(exampleNames)('%s', (name) => {
	const file = join(examplesFolder, `${name}.json`);
	const workflow = readExample(name);
	const triggers = workflow.nodes.filter(({ type }) => isTrigger(type));

	it('holds no address and no secret, names itself, and stops on errors', () => {
		const text = readFileSync(file, 'utf8');
		expect(text).not.toMatch(/"(webhookId|credentials|instanceId)"/);
		for (const [address] of text.matchAll(/[\w.]+@[\w.]+/g)) {
			expect(address).toMatch(/@(email|example|exemplo|teste)\.com(\.br)?$/);
		}
		expect(workflow.name).toMatch(/^Example: /);
		expect(workflow.nodes.map(({ name: node }) => node)).toContain('About This Workflow');
		// What an error output passes on is the error, not the delivery.
		for (const { onError = 'stopWorkflow', continueOnFail } of workflow.nodes) {
			expect([onError, continueOnFail]).toEqual(['stopWorkflow', undefined]);
		}
	});

	// With UPDATE_ITEMS=1 in the environment the pinned items become the reviewed ones; format them afterwards.
	it('has documented events pinned where a trigger has one output', () => {
		for (const { name: trigger, parameters } of triggers) {
			const pinned = pinnedItems(workflow, trigger);
			if (process.env.UPDATE_ITEMS === '1' && workflow.pinData && pinned.length > 0) {
				workflow.pinData[trigger] = pinned.map((item) => ({ json: reviewed(item) }));
				writeFileSync(file, `${JSON.stringify(workflow, null, 2)}\n`);
			}
			const items = pinnedItems(workflow, trigger);
			expect([trigger, items.length > 0]).toEqual([trigger, parameters?.outputMode !== 'perEvent']);
			expect(items).toEqual(items.map(reviewed));
		}
	});
});

it('the test deliveries are documented events', () => {
	const { nodes } = readExample('test-delivery');
	const bodies = nodes.flatMap(({ parameters }) => parameters?.jsonOutput ?? []);
	const samples = senders.flatMap((sender) => sender.samples.map(({ payload }) => payload));
	expect(bodies.length).toBeGreaterThan(0);
	for (const body of bodies) expect(samples).toContainEqual(JSON.parse(String(body)));
});
