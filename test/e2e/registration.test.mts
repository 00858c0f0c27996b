import { abacatePayAccount } from '../../testkit/fakes/abacatePayAccount.mts';
import { genAccount } from '../../testkit/fakes/genAccount.mts';
import { ELSEWHERE, type Account } from '../../testkit/fakes/lifecycle.mts';
import { wooviAccount } from '../../testkit/fakes/wooviAccount.mts';
import {
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	renamed,
	republish,
	startGen,
	targetOf,
} from '../../testkit/live/gen.mts';
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
} from '../../testkit/live/harness.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { senderOf, type JsonObject } from '../../testkit/providers/senders.mts';

// Which webhooks are kept, replaced or removed is in test/core/registration.test.mts.

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** An account whose API this n8n calls, and which calls this n8n. */
const accounts: Record<string, () => Promise<Account>> = {
	gen: async () => {
		const account = await genAccount();
		const { refreshToken } = account.gen;
		const credential = (token: string) => ({ ...account.credential(token), refreshToken });
		return { ...account, credential };
	},
	abacatePay: abacatePayAccount,
	woovi: async () => {
		const account = await wooviAccount();
		account.woovi.mapHost(PUBLIC_URL, n8n.url);
		return account;
	},
};

/** A live trigger that registers itself with the account. */
async function automatic(provider: string, account: Account, parameters: JsonObject) {
	const sender = {
		...senderOf(provider),
		...{ credentialType: `${provider}Api`, nodeParameters: {}, credentialData: () => ({}) },
	};
	const token = newToken();
	const credential = account.credential(token);
	return await liveTrigger(n8n, sender, { parameters, token, credential });
}

it.each([
	{ provider: 'gen', event: 'PAYMENT.CREATED', wrong: { refreshToken: 'wrong-0123456789' } },
	{ provider: 'abacatePay', event: 'payout.failed', wrong: { apiKey: 'wrong' } },
	{ provider: 'woovi', event: 'OPENPIX:CHARGE_COMPLETED', wrong: { appId: 'wrong' } },
])(
	'$provider: tests the credential, registers on activation, receives, re-registers, and removes only its own',
	async ({ provider, event, wrong }) => {
		const account = await accounts[provider]?.();
		if (!account) throw new Error(`There is no account of ${provider}.`);
		account.add({ events: [event], target: ELSEWHERE, token: newToken() });
		const others = account.registered();
		const own = () => account.registered().slice(others.length);

		const trigger = await automatic(provider, account, { events: [event, 'other'] });
		const { credentialId, sender, token, url, workflowId } = trigger;
		const target = url.replace(n8n.url, PUBLIC_URL);
		expect(own()).toMatchObject([{ events: [event], target, token }]);
		const data = account.credential(token);
		const test = async (changes: object) => {
			const tested = { ...data, ...changes };
			return await n8n.testCredential(credentialId, sender.credentialType, 'test', tested);
		};
		expect(await test({})).toMatchObject({ status: 'OK' });
		expect(await test(wrong)).toMatchObject({ status: 'Error' });
		expectAnswer(await deliver(trigger, event), 200, RECEIVED);
		await expectExecutions(trigger, 1);

		const another = sender.events.find((code) => code !== event) ?? '';
		await republish(n8n, workflowId, { events: [another] });
		await eventually(() => expect(own()).toMatchObject([{ events: [another], target, token }]));
		await n8n.deactivate(workflowId);
		await eventually(() => expect(account.registered()).toEqual(others));
		await account.stop?.();
	},
);

it('Woovi: registers the test URL beside the production URL, and goes on listening after the test of it', async () => {
	const account = await wooviAccount();
	const { woovi } = account;
	woovi.mapHost(PUBLIC_URL, n8n.url);
	const [event = ''] = senderOf('woovi').events;
	const trigger = await automatic('woovi', account, { events: [event] });
	const testUrl = await n8n.listenForTest(trigger.workflowId, TRIGGER);
	const targets = () => woovi.webhooks.map(({ url }) => url.replace(PUBLIC_URL, n8n.url));
	expect(targets()).toEqual([trigger.url, testUrl]);
	expect(await woovi.emit(event, trigger.sender.sample(event))).toEqual([200, 200]);
	await expectExecutions(trigger, 2);
	await eventually(() => expect(targets()).toEqual([trigger.url]));
	await woovi.stop();
});

it('Gen: remembers its registration when the node is renamed, where the API neither lists nor removes', async () => {
	const gen = await startGen(n8n, { list: 404, remove: 405 });
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	await n8n.activate(workflow.id);
	const made = [...gen.registrations];
	expect(made).toMatchObject([{ target: targetOf(workflow) }]);
	await n8n.updateWorkflow(workflow.id, renamed(workflow));
	await n8n.activate(workflow.id);
	expect(gen.registrations).toEqual(made);

	gen.variants.remove = 'offered';
	await n8n.deactivate(workflow.id);
	await eventually(() => expect(gen.registrations).toEqual([]));
	await gen.stop();
});

// n8n tries such an activation for 15 seconds.
it('Gen: an activation that cannot work fails with one sentence on what to do', async () => {
	const gen = await startGen(n8n);
	const workflow = await genWorkflow(n8n, GEN_TRIGGER, await genCredential(n8n, gen));
	gen.revokeRefreshToken();
	await expect(n8n.activate(workflow.id)).rejects.toThrow(
		/refused the refresh token.*the Gen API credential "Gen /,
	);
	expect(gen.registrations).toEqual([]);
	await gen.stop();
});
