import { randomUUID } from 'node:crypto';
import {
	connect,
	deliver,
	eventually,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	newToken,
	RECEIVED,
	TRIGGER,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { republish } from '../../testkit/live/gen.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { AbacatePayMockApi } from '../../testkit/mockApis/abacatePay.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { withQuery } from '../../testkit/providers/samples.mts';
import { senderOf } from '../../testkit/providers/senders.mts';

// Which registration is kept, replaced or removed stands in test/providers.

const sender = senderOf('abacatePay');
const [event = ''] = sender.events;

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it('takes the secret from the URL, from the header, or the same from both, and nothing else', async () => {
	const trigger = await liveTrigger(n8n, sender);
	const { token, url } = trigger;
	const other = newToken();
	const send = async (inQuery?: string, inHeader?: string) => {
		const payload = sender.freshIds(sender.sample(event));
		const unproven = sender.delivery(event, payload, url);
		return await request({
			...unproven,
			url: inQuery === undefined ? url : withQuery(url, 'webhookSecret', inQuery),
			headers: {
				...unproven.headers,
				...(inHeader === undefined ? {} : { 'X-Webhook-Secret': inHeader }),
			},
		});
	};
	for (const sent of [[token], [undefined, token], [token, token]]) {
		expectAnswer(await send(...sent), 200, RECEIVED);
	}
	for (const sent of [
		[],
		[other],
		[undefined, other],
		[other, other],
		[token, other],
		[other, token],
	]) {
		expectAnswer(await send(...sent), 401, UNAUTHORIZED);
	}
	await expectExecutions(trigger, 3);
});

// AbacatePay's panel may look at the address with HEAD. What n8n answers stands in docs/abacatepay.md.
it('n8n answers 404 to a HEAD request, whether or not the workflow is published', async () => {
	const trigger = await liveTrigger(n8n, sender);
	const head = async () => (await request({ url: trigger.url, method: 'HEAD' })).status;
	expect(await head()).toBe(404);
	await n8n.deactivate(trigger.workflowId);
	await eventually(async () => expect((await deliver(trigger, event)).status).toBe(404));
	expect(await head()).toBe(404);
	await expectExecutions(trigger, 0);
});

it('registers on activation, receives there, registers other events, and removes the webhook again', async () => {
	const abacatePay = await AbacatePayMockApi.start();
	try {
		const token = newToken();
		const data = { apiKey: abacatePay.apiKey, baseUrl: abacatePay.baseUrl, webhookToken: token };
		const name = `AbacatePay ${randomUUID()}`;
		const { id: credentialId } = await n8n.createCredential('abacatePayApi', name, data);
		const test = async (apiKey: string) =>
			await n8n.testCredential(credentialId, 'abacatePayApi', name, { ...data, apiKey });
		expect(await test(data.apiKey)).toMatchObject({ status: 'OK' });
		expect(await test('wrong')).toMatchObject({ status: 'Error' });

		const webhookId = randomUUID();
		const trigger = {
			name: TRIGGER,
			type: sender.nodeType,
			typeVersion: 2,
			webhookId,
			parameters: {},
			credentials: { abacatePayApi: { id: credentialId, name } },
		};
		const workflow = await n8n.createWorkflow({
			name,
			nodes: [trigger],
			connections: {},
		});
		const { id: workflowId } = workflow;
		await n8n.activate(workflowId);
		const [registered] = abacatePay.webhooks;
		expect(registered).toMatchObject({
			endpoint: `${PUBLIC_URL}/webhook/${webhookId}/webhook`,
			secret: token,
			events: expect.arrayContaining(sender.events.slice(0, 16)),
		});
		const live = { n8n, sender, token, url: n8n.webhookUrl(webhookId), workflowId, credentialId };
		expectAnswer(await deliver(live, event), 200, RECEIVED);
		await expectExecutions(live, 1);

		const events = ['payout.failed', 'subscription.payment_failed'];
		await republish(n8n, workflow, { events });
		await eventually(() =>
			expect(abacatePay.webhooks).toMatchObject([{ events: ['payout.failed'] }]),
		);
		await n8n.deactivate(workflowId);
		await eventually(() => expect(abacatePay.webhooks).toEqual([]));
	} finally {
		await abacatePay.stop();
	}
});
