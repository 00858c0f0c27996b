import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_KEPT_MS } from '../../nodes/core/credential';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	filesWith,
	liveTrigger,
	newToken,
	RECEIVED,
	UNAUTHORIZED,
} from '../../testkit/live/harness.mts';
import { providersFor } from '../../testkit/live/matrix.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { readFixture } from '../../testkit/providers/samples.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

it.each(providersFor('gen'))(
	'$displayName: while a token is replaced the old and the new one pass, afterwards only the new one',
	async (sender) => {
		const [event = ''] = sender.events;
		const [previousToken, token] = [newToken(), newToken()];
		const trigger = await liveTrigger(n8n, sender, { token, credential: { previousToken } });
		const send = async (sent: string) =>
			await deliver(trigger, event, {
				token: sent,
				payload: sender.freshIds(sender.sample(event)),
			});
		expectAnswer(await send(previousToken), 200, RECEIVED);
		expectAnswer(await send(token), 200, RECEIVED);
		const data = sender.credentialData(token);
		await n8n.updateCredential(trigger.credentialId, sender.credentialType, 'new', data);
		await sleep(CREDENTIAL_KEPT_MS);
		expectAnswer(await send(previousToken), 401, UNAUTHORIZED);
		expectAnswer(await send(token), 200, RECEIVED);
		await expectExecutions(trigger, 3);
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
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 400]);
		for (const answer of answers) expect(answer.body).not.toContain(token);
		// Here n8n itself answers, and may repeat what was sent to it.
		const broken = await deliver(clean, event, { body: `{"broken": "${token}` });
		expect(broken.status).toBe(422);
		await expectExecutions(clean, 1);
		await expectExecutions(raw, 1);
		expect(await filesWith(token)).toEqual([]);
	},
);

it.each(providersFor('goatCom'))(
	'$displayName: the credential test says what is wrong with a token, and that none can be checked online',
	async (sender) => {
		const { credentialId } = await liveTrigger(n8n, sender);
		const test = async (token: string) =>
			await n8n.testCredential(
				credentialId,
				sender.credentialType,
				'test',
				sender.credentialData(token),
			);
		expect(await test(newToken())).toEqual({
			status: 'OK',
			message: expect.stringContaining('cannot check it online'),
		});
		expect(await test('short')).toMatchObject({ status: 'Error' });
	},
);
