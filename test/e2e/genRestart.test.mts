import { nodeOutput, type Workflow } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { objectAt, readFixture } from '../../testkit/providers/samples.mts';
import type { GenStandIn } from '../../testkit/mockApis/gen.mts';
import {
	GEN_TRIGGER,
	genCredential,
	genWorkflow,
	startGen,
	targetOf,
	triggerIn,
	type GenCredential,
} from '../../testkit/live/gen.mts';
import { OwnN8n, PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { eventually, TRIGGER } from '../../testkit/live/harness.mts';

// n8n 2 publishes workflows through a service, which asks no webhook trigger anything when n8n starts. Without it, as
// in n8n 1, every start is an activation.
describe.each<{ how: string; env: Record<string, string> }>([
	{
		how: 'with the publication service',
		env: { N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '5' },
	},
	{
		how: 'without the publication service',
		env: { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' },
	},
])('$how, a registration', ({ env }) => {
	let own: OwnN8n;
	let gen: GenStandIn;
	let credential: GenCredential;
	let workflow: Workflow;

	beforeAll(async () => {
		own = await OwnN8n.start(env);
	});
	beforeEach(async () => {
		gen = await startGen(own.n8n);
		credential = await genCredential(own.n8n, gen);
		workflow = await genWorkflow(own.n8n, GEN_TRIGGER, credential);
	});
	afterEach(async () => {
		await gen.resume();
		await own.n8n.deactivate(workflow.id);
		await gen.stop();
	});
	afterAll(async () => {
		await own.remove();
	});

	async function startAgain(): Promise<void> {
		const n8n = await own.startAgain();
		gen.mapHost(PUBLIC_URL, n8n.url);
	}

	it('stays, and delivers, when n8n starts while the API is down', async () => {
		await own.n8n.activate(workflow.id);
		const made = [...gen.registrations];
		await own.stop();
		await gen.pause();
		await startAgain();
		// Gen's tries would be over before a URL that n8n has yet to register answers.
		const url = own.n8n.webhookUrl(triggerIn(workflow).webhookId ?? '');
		await own.n8n.webhookReady(url);
		const payment = objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data');
		await gen.emit('PAYMENT.CREATED', payment);
		await gen.idle();
		const [execution] = await own.n8n.waitForExecutions(workflow.id, 1);
		const items = nodeOutput(await own.n8n.execution(execution?.id ?? ''), TRIGGER).flat();
		expect(items).toMatchObject([{ id: payment.id, event: 'PAYMENT.CREATED' }]);
		await gen.resume();
		expect(gen.registrations).toEqual(made);
	});

	it('is adopted when n8n was killed before it could remember it', async () => {
		gen.onCreateWebhook = async () => await own.kill();
		await own.n8n.activate(workflow.id).catch(() => undefined);
		gen.onCreateWebhook = undefined;
		const made = [...gen.registrations];
		expect(made).toMatchObject([{ target: targetOf(workflow) }]);

		await startAgain();
		// n8n goes on where it was killed: the trigger is live when it asks for a token.
		const url = own.n8n.webhookUrl(triggerIn(workflow).webhookId ?? '');
		await eventually(async () => {
			expect((await request({ url, method: 'POST', body: '{}' })).status).toBe(401);
		});
		expect(gen.registrations).toEqual(made);
	});

	it('is renewed at the next activation when the webhook token was changed', async () => {
		await own.n8n.activate(workflow.id);
		const webhookToken = 'a-new-token-0123456789';
		const changed = { ...credential.data, webhookToken };
		await own.n8n.updateCredential(credential.id, 'genApi', credential.name, changed);
		await own.stop();
		await startAgain();
		// Without the publication service the start itself is an activation.
		if (!('N8N_USE_WORKFLOW_PUBLICATION_SERVICE' in env)) {
			await own.n8n.deactivate(workflow.id);
			await own.n8n.activate(workflow.id);
		}
		await eventually(() =>
			expect(gen.registrations).toMatchObject([
				{ target: targetOf(workflow), authorization: webhookToken },
			]),
		);
	});
});

it('two n8n on one copied database have a registration each, and each removes its own only', async () => {
	const STAGING_URL = 'https://staging.example.com';
	const original = await OwnN8n.start();
	// An account whose API lists webhooks, and one where only what n8n remembers counts.
	const accounts = [await startGen(original.n8n), await startGen(original.n8n, { list: 404 })];
	const cases: Array<{ gen: GenStandIn; workflow: Workflow; production: string; staging: string }> =
		[];
	let copy: OwnN8n | undefined;
	try {
		for (const gen of accounts) {
			const credential = await genCredential(original.n8n, gen);
			const workflow = await genWorkflow(original.n8n, GEN_TRIGGER, credential);
			await original.n8n.activate(workflow.id);
			const production = targetOf(workflow);
			const staging = production.replace(PUBLIC_URL, STAGING_URL);
			cases.push({ gen, workflow, production, staging });
		}
		await original.stop();
		copy = await original.copy({ N8N_WEBHOOK_URL: `${STAGING_URL}/` });
		await original.startAgain();

		for (const { gen, workflow, production, staging } of cases) {
			const targets = () => gen.registrations.map(({ target }) => target);
			gen.mapHost(PUBLIC_URL, original.n8n.url);
			gen.mapHost(STAGING_URL, copy.n8n.url);
			const [made] = gen.registrations;

			await copy.n8n.deactivate(workflow.id);
			expect(targets()).toEqual([production]);
			await copy.n8n.activate(workflow.id);
			expect(targets()).toEqual([production, staging]);
			expect(copy.n8n.log()).toContain(
				`The webhook ${made?.id} of ${production} stays registered in the Gen account ${gen.url} ${gen.sellerId}: another n8n may use it. If it is no longer needed, remove it in Gen under Perfil e preferências > Notificações.`,
			);

			await gen.emit('PAYMENT.CREATED', objectAt(readFixture('Gen', 'PAYMENT.CREATED'), 'data'));
			await gen.idle();
			await original.n8n.waitForExecutions(workflow.id, 1);
			await copy.n8n.waitForExecutions(workflow.id, 1);

			await copy.n8n.deactivate(workflow.id);
			await eventually(() => expect(gen.registrations).toEqual([made]));
			await copy.n8n.activate(workflow.id);
			await original.n8n.deactivate(workflow.id);
			await eventually(() => expect(targets()).toEqual([staging]));
			await copy.n8n.deactivate(workflow.id);
			await eventually(() => expect(targets()).toEqual([]));
		}
	} finally {
		await copy?.remove();
		await original.remove();
		await Promise.all(accounts.map(async (gen) => await gen.stop()));
	}
}, 600_000);

it('an n8n that the internet cannot reach says what to set', async () => {
	const own = await OwnN8n.start({ N8N_WEBHOOK_URL: 'http://localhost:5678/' });
	const gen = await startGen(own.n8n);
	try {
		const credential = await genCredential(own.n8n, gen);
		const workflow = await genWorkflow(own.n8n, GEN_TRIGGER, credential);
		await expect(own.n8n.activate(workflow.id)).rejects.toThrow(
			'Gen cannot reach localhost:5678. Set WEBHOOK_URL in n8n',
		);
		await expect(own.n8n.listenForTest(workflow.id, TRIGGER)).rejects.toThrow('Set WEBHOOK_URL');
		expect(gen.registrations).toEqual([]);
	} finally {
		await gen.stop();
		await own.remove();
	}
});
