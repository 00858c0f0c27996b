import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_KEPT_MS } from '../../nodes/core/credential';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { readFixture } from '../../testkit/providers/samples.mts';
import { senders, type JsonObject } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	liveTrigger,
	newToken,
	RECEIVED,
	UNAUTHORIZED,
	userFolder,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** What is in a file; nothing when n8n has removed it meanwhile, as databases do with their journals. */
const contentOf = async (file: string): Promise<Buffer> =>
	await readFile(file).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return Buffer.alloc(0);
		throw error;
	});

/** Every file below a folder. */
async function filesBelow(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	const files = await Promise.all(
		entries
			.filter(({ name }) => name !== 'node_modules')
			.map(async (entry) => {
				const path = join(folder, entry.name);
				return entry.isDirectory() ? await filesBelow(path) : [path];
			}),
	);
	return files.flat();
}

describe.each(senders)('$displayName', (sender) => {
	const [event = ''] = sender.events;

	it('while a token is replaced the old and the new one pass, afterwards only the new one', async () => {
		const [oldToken, token] = [newToken(), newToken()];
		const live = await liveTrigger(n8n, sender, {
			token,
			credential: { previousToken: oldToken },
		});
		const fresh = () => sender.freshIds(sender.sample(event));
		for (const accepted of [oldToken, token]) {
			expectAnswer(
				await deliver(live, event, { token: accepted, payload: fresh() }),
				200,
				RECEIVED,
			);
		}
		const { credentialType } = sender;
		await n8n.updateCredential(
			live.credentialId,
			credentialType,
			'new',
			sender.credentialData(token),
		);
		await sleep(CREDENTIAL_KEPT_MS);
		expectAnswer(
			await deliver(live, event, { token: oldToken, payload: fresh() }),
			401,
			UNAUTHORIZED,
		);
		expectAnswer(await deliver(live, event, { token, payload: fresh() }), 200, RECEIVED);
		await expectExecutions(live, 3);
	});

	it('the token is in no execution, no log line and no answer, although the payload echoes it', async () => {
		const token = newToken();
		const live = await liveTrigger(n8n, sender, {
			token,
			parameters: { options: { includePayload: true } },
		});
		const raw = await liveTrigger(n8n, sender, { token, parameters: { simplify: false } });
		const echo: JsonObject = {
			note: `before ${token} after`,
			url: `https://example.com/?token=${encodeURIComponent(token)}`,
			[token]: [token, { deep: token }],
		};
		const payload: JsonObject = {
			...(sender.provider === 'troqueDevolva'
				? readFixture('TroqueDevolva', 'variation-secrets-in-webhooks')
				: sender.sample(event)),
			...echo,
		};
		const body = JSON.stringify(payload).replaceAll('__TOKEN__', token);
		const answers = [
			await deliver(live, event, { body }),
			await deliver(raw, event, { body }),
			await deliver(live, event, { body, token: `${token}x` }),
			await deliver(live, event, { body: `{"broken": "${token}` }),
			await deliver(live, event, { body: JSON.stringify([token]) }),
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 422, 400]);
		await expectExecutions(live, 1);
		await expectExecutions(raw, 1);

		// Answers of n8n itself may repeat what was sent to it: only ours are ours to keep clean.
		for (const { status, body: answer } of answers) {
			if (status !== 422) expect(answer).not.toContain(token);
		}
		const files = await filesBelow(userFolder());
		expect(files.some((file) => file.endsWith('database.sqlite'))).toBe(true);
		expect(files.some((file) => file.endsWith('n8n.log'))).toBe(true);
		for (const file of files) {
			expect({ file, holdsToken: (await contentOf(file)).includes(token) }).toEqual({
				file,
				holdsToken: false,
			});
		}
	});

	it('the credential test says what is wrong with a token, and that none can be checked online', async () => {
		const live = await liveTrigger(n8n, sender);
		const test = async (token: string, more: Record<string, string> = {}) =>
			await n8n.testCredential(live.credentialId, sender.credentialType, 'test', {
				...sender.credentialData(token),
				...more,
			});
		expect(await test(newToken())).toEqual({
			status: 'OK',
			message: expect.stringContaining('no way to check it online'),
		});
		for (const bad of ['', 'short', ' leading-space-0123456789', 'ação-0123456789-0123456789']) {
			const { status, message } = await test(bad);
			expect(status).toBe('Error');
			if (bad.length > 8) expect(message).not.toContain(bad.trim());
		}
		expect(await test(newToken(), { previousToken: 'short' })).toMatchObject({ status: 'Error' });
		const inUrl = await test('0123456789+0123456789');
		expect(inUrl.status).toBe(sender.definition.token.in === 'query' ? 'Error' : 'OK');
	});
});
