import { createServer } from 'node:http';
import {
	connect,
	deliver,
	eventually,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	onlyItem,
	RECEIVED,
	TRIGGER,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { WooviMockApi } from '../../testkit/mockApis/woovi.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { senderOf, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';
import {
	newSigningKey,
	readDocumentedSignature,
	signatureOf,
} from '../../testkit/providers/Woovi/signing.mts';

// Which webhooks are kept, replaced or removed is in the tests of the core, and which signatures count in those of the
// provider.

const PAID = 'OPENPIX:CHARGE_COMPLETED';
const EXPIRED = 'OPENPIX:CHARGE_EXPIRED';
const DISPUTE = 'OPENPIX:DISPUTE_CREATED';

let n8n: N8nApi;
let woovi: WooviMockApi;
const sender = senderOf('woovi');
beforeAll(async () => (n8n = await connect()));
beforeEach(async () => (woovi = await WooviMockApi.start({ hosts: { [PUBLIC_URL]: n8n.url } })));
afterEach(async () => await woovi.stop());

/** A trigger that the user registered, which reads its keys at the address. */
const manual = async (baseUrl = woovi.url) =>
	await liveTrigger(n8n, {
		...sender,
		credentialData: (token) => ({ environment: 'custom', baseUrl, token }),
	});

/** Plays Woovi for a trigger that registers itself with the mock API. */
const automaticSender = (): Sender => ({
	...sender,
	credentialType: 'wooviApi',
	nodeParameters: {},
	credentialData: (webhookToken) => ({
		environment: 'custom',
		baseUrl: woovi.url,
		appId: woovi.appId,
		webhookToken,
	}),
});

const automatic = async (parameters: JsonObject) =>
	await liveTrigger(n8n, automaticSender(), { parameters });

const keyRequests = () => woovi.requests.filter(({ path }) => path.endsWith('/public-keys')).length;
const registeredEvents = () => woovi.webhooks.map(({ event }) => event);

it('accepts the documented delivery byte for byte, and nothing that differs from it', async () => {
	const { payload, signature, publicKey } = readDocumentedSignature();
	woovi.keyListAnswer = { public_keys: [{ key: publicKey }] };
	const trigger = await manual();
	const send = async (changes: { token?: string; signatures?: string[]; body?: string } = {}) => {
		const { token = trigger.token, signatures = [signature], body = payload } = changes;
		const headers: Array<[string, string]> = [
			['Content-Type', 'application/json'],
			...(token ? [['Authorization', token] as [string, string]] : []),
			...signatures.map((text): [string, string] => ['x-webhook-signature', text]),
		];
		return await request({ url: trigger.url, headers, body });
	};
	const refused = [
		{ body: payload.replace('"value": 1000', '"value": 1001') },
		{ body: JSON.stringify(JSON.parse(payload)) },
		{ signatures: [signature.slice(0, -4)] },
		{ signatures: [signature, signature] },
		{ signatures: [signatureOf(payload, newSigningKey())] },
		{ signatures: [] },
		{ token: '' },
		{ token: `${trigger.token}x` },
	];
	for (const changes of refused) expectAnswer(await send(changes), 401, UNAUTHORIZED);
	await expectExecutions(trigger, 0);
	expectAnswer(await send(), 200, RECEIVED);
	expect(await onlyItem(trigger)).toMatchObject({
		...{ provider: 'woovi', event: 'unknown', id: '417bae21-3d08-4cdb-9c2d-fee63c89e9e4' },
		charge: { total: 10 },
	});
});

it('keeps the keys, reads them again for a new one, and asks for another attempt while it has none', async () => {
	const trigger = await manual();
	const send = async (key = woovi.keys[0]) => {
		const payload = sender.freshIds(sender.sample(PAID));
		if (!key) throw new Error('There is no key.');
		const { headers } = sender.delivery(PAID, payload, trigger.url, trigger.token);
		const signature = { 'x-webhook-signature': signatureOf(JSON.stringify(payload), key) };
		const { status } = await deliver(trigger, PAID, {
			payload,
			headers: { ...headers, ...signature },
		});
		return [status, keyRequests()];
	};
	woovi.failWith(500);
	expect(await send()).toEqual([503, expect.any(Number)]);
	const before = keyRequests();
	woovi.failWith(undefined);
	expect(await send()).toEqual([200, before + 1]);
	// The list is gone.
	await woovi.pause();
	expect(await send()).toEqual([200, before + 1]);
	await woovi.resume();
	// The key is replaced: the list is read once for the new one, and not again for strangers' keys.
	woovi.keys.unshift(newSigningKey());
	expect(await send()).toEqual([200, before + 2]);
	expect(await send(woovi.keys[1])).toEqual([200, before + 2]);
	for (let i = 0; i < 10; i++) expect(await send(newSigningKey())).toEqual([401, before + 2]);
	await expectExecutions(trigger, 4);
});

it('asks for another attempt where the list of keys is nonsense or does not come', async () => {
	woovi.keyListAnswer = { public_keys: [{ key: 'nonsense' }] };
	expect((await deliver(await manual(), PAID)).status).toBe(503);
	const silent = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => silent.once('listening', resolve));
	const address = silent.address();
	const port = typeof address === 'object' ? address?.port : '';
	const startedAt = Date.now();
	expect((await deliver(await manual(`http://127.0.0.1:${port}`), PAID)).status).toBe(503);
	expect(Date.now() - startedAt).toBeLessThan(30_000);
	silent.closeAllConnections();
	silent.close();
});

it('registers one webhook for each event, passes the test of its URL, receives, and removes its own', async () => {
	woovi.addWebhook({ url: 'https://other.example.com/hook', event: DISPUTE });
	const trigger = await automatic({ events: [PAID, EXPIRED], customEvents: 'STABLECOIN_PAYOUT_*' });
	expect(registeredEvents().slice(1)).toEqual([
		PAID,
		EXPIRED,
		'STABLECOIN_PAYOUT_COMPLETED',
		'STABLECOIN_PAYOUT_FAILED',
	]);
	expect(await woovi.emit(PAID, sender.sample(PAID))).toEqual([200]);
	expect(await onlyItem(trigger)).toMatchObject({ event: PAID, status: 'COMPLETED' });
	await n8n.deactivate(trigger.workflowId);
	await eventually(() => expect(woovi.webhooks).toHaveLength(1));
});

it('registers the test URL beside the production URL, and goes on listening after the test of it', async () => {
	const trigger = await automatic({ events: [PAID] });
	await n8n.listenForTest(trigger.workflowId, TRIGGER);
	expect(registeredEvents()).toEqual([PAID, PAID]);
	expect(await woovi.emit(PAID, sender.sample(PAID))).toEqual([200, 200]);
	await expectExecutions(trigger, 2);
	await eventually(() => expect(registeredEvents()).toEqual([PAID]));
});
