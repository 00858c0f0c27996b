import { createServer } from 'node:http';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	listen,
	liveTrigger,
	outputsOf,
	RECEIVED,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { WooviMockApi } from '../../testkit/mockApis/woovi.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { senderOf } from '../../testkit/providers/senders.mts';
import { readDocumentedSignature } from '../../testkit/providers/Woovi/signing.mts';

// Which signatures count, and when the keys are read again, is in test/core/signature.test.mts.

const PAID = 'OPENPIX:CHARGE_COMPLETED';

let n8n: N8nApi;
let woovi: WooviMockApi;
const sender = senderOf('woovi');
beforeAll(async () => (n8n = await connect()));
beforeEach(async () => (woovi = await WooviMockApi.start()));
afterEach(async () => await woovi.stop());

/** A trigger that reads its keys at the address. */
const readingKeysAt = async (baseUrl: string) =>
	await liveTrigger(n8n, sender, { credential: { baseUrl } });

it('accepts the documented delivery byte for byte, and not the same JSON in other bytes', async () => {
	const { payload, signature, publicKey } = readDocumentedSignature();
	woovi.keyListAnswer = { public_keys: [{ key: publicKey }] };
	const trigger = await readingKeysAt(woovi.url);
	const send = async (body: string) => {
		const headers = {
			'Content-Type': 'application/json',
			Authorization: trigger.token,
			'x-webhook-signature': signature,
		};
		return await request({ url: trigger.url, headers, body });
	};
	expectAnswer(await send(JSON.stringify(JSON.parse(payload))), 401, UNAUTHORIZED);
	expectAnswer(await send(payload), 200, RECEIVED);
	await expectExecutions(trigger, 1);
	expect(await outputsOf(trigger)).toMatchObject([
		[{ event: 'unknown', id: '417bae21-3d08-4cdb-9c2d-fee63c89e9e4', charge: { total: 10 } }],
	]);
});

it('asks for another attempt while the list of keys is down or does not come', async () => {
	const silent = createServer();
	const unanswered = await readingKeysAt(await listen(silent));
	const slow = deliver(unanswered, PAID, { timeoutMs: 30_000 });

	woovi.failWith(500);
	const trigger = await readingKeysAt(woovi.url);
	expect((await deliver(trigger, PAID)).status).toBe(503);
	woovi.failWith(undefined);
	expectAnswer(await deliver(trigger, PAID), 200, RECEIVED);
	await expectExecutions(trigger, 1);

	expect((await slow).status).toBe(503);
	silent.closeAllConnections();
	silent.close();
});
