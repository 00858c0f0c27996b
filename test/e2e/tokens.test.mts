import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_KEPT_MS, REREAD_AFTER_MS } from '../../nodes/core/credential';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	filesWith,
	liveTrigger,
	newToken,
	outputsOf,
	RECEIVED,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { readFixture } from '../../testkit/providers/samples.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it.each(providersFor('gen'))(
	'$displayName: while a token is replaced the old and the new one pass, afterwards only the new one, also at once',
	async (sender) => {
		const [event = ''] = sender.events;
		const [previousToken, token] = [newToken(), newToken()];
		const trigger = await liveTrigger(n8n, sender, { token, credential: { previousToken } });
		const send = async (sent: string) => {
			const payload = sender.freshIds(sender.sample(event));
			return await deliver(trigger, event, { token: sent, payload });
		};
		expectAnswer(await send(previousToken), 200, RECEIVED);
		expectAnswer(await send(token), 200, RECEIVED);
		const save = async (saved: string) => {
			const { credentialType, credentialData } = sender;
			const data = credentialData(saved);
			await n8n.updateCredential(trigger.credentialId, credentialType, 'new', data);
		};
		await save(token);
		await sleep(CREDENTIAL_KEPT_MS);
		expectAnswer(await send(previousToken), 401, UNAUTHORIZED);
		expectAnswer(await send(token), 200, RECEIVED);

		const newest = newToken();
		// A wrong token makes the trigger read the credential again, but not more often than that.
		await sleep(REREAD_AFTER_MS);
		await save(newest);
		expectAnswer(await send(newest), 200, RECEIVED);
		expectAnswer(await send(token), 401, UNAUTHORIZED);
		await expectExecutions(trigger, 4);
	},
);

// n8n's own log could hold the token of a URL, and Troque & Devolva sends a log of webhooks with their secrets.
it.each(providersFor('gestaoOnline', 'troqueDevolva'))(
	'$displayName: the token is in no execution, no log line and no answer, although the payload echoes it',
	async (sender) => {
		const [event = ''] = sender.events;
		const token = newToken();
		const options = { includePayload: true };
		const clean = await liveTrigger(n8n, sender, { token, parameters: { options } });
		const raw = await liveTrigger(n8n, sender, { token, parameters: { simplify: false } });
		const payload = {
			...(sender.provider === 'troqueDevolva'
				? readFixture('TroqueDevolva', 'variation-secrets-in-webhooks')
				: sender.sample(event)),
			note: `before ${token} after`,
			url: `https://example.com/?token=${encodeURIComponent(token)}`,
			[token]: [token, { deep: token }],
		};
		const body = JSON.stringify(payload).replaceAll('__TOKEN__', token);
		const answers = [
			await deliver(clean, event, { body }),
			await deliver(raw, event, { body }),
			await deliver(clean, event, { body, token: `${token}x` }),
			await deliver(clean, event, { body: JSON.stringify([token]) }),
			// Here n8n itself answers, and may repeat what was sent to it.
			await deliver(clean, event, { body: `{"broken": "${token}` }),
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 400, 422]);
		for (const answer of answers.slice(0, 4)) expect(answer.body).not.toContain(token);
		for (const trigger of [clean, raw]) {
			await expectExecutions(trigger, 1);
			expect(await outputsOf(trigger)).toMatchObject([
				[{ event, payload: { note: 'before [redacted] after' } }],
			]);
		}
		expect(await filesWith(token)).toEqual([]);
	},
);

it.each(providersFor('goatCom'))(
	'$displayName: the credential test says what is wrong with a token, and that none can be checked online',
	async (sender) => {
		const {
			credentialId,
			sender: { credentialType, credentialData },
		} = await liveTrigger(n8n, sender);
		const test = async (token: string) =>
			await n8n.testCredential(credentialId, credentialType, 'test', credentialData(token));
		expect(await test(newToken())).toEqual({
			status: 'OK',
			message: expect.stringContaining('cannot check it online'),
		});
		expect(await test('short')).toMatchObject({ status: 'Error' });
	},
);
