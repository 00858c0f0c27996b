import { request } from '../../testkit/n8n/http.mts';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { startGen } from '../../testkit/live/gen.mts';
import { isFullMatrix } from '../../testkit/live/matrix.mts';
import { PUBLIC_URL } from '../../testkit/live/ownN8n.mts';
import { connect, expectExecutions, newToken } from '../../testkit/live/harness.mts';
import { objectAt } from '../../testkit/providers/samples.mts';
import { senderOf, senders, type Sender } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

/** What a person chooses: the first event, in the node panel as n8n words it, and then the second. */
function choicesFor({
	displayName,
	events,
	definition,
	searchWords: [words = displayName],
}: Sender) {
	const [event = ''] = events;
	const first = definition.events.find(({ code }) => code === event);
	const another = definition.events.find((choice) => choice !== first);
	if (!first || !another) throw new Error(`${displayName} has no two events to choose from.`);
	return {
		words,
		event,
		trigger: `On ${first.name.toLowerCase()}`,
		another: another.name,
		outputs: [first.label, another.label],
	};
}

let n8n: N8nApi;
let editor: Editor;

beforeAll(async () => {
	n8n = await connect();
	editor = await Editor.open(n8n);
});
afterAll(async () => await editor.close());

it.each(isFullMatrix ? senders : [senderOf('goatCom')])(
	'a person sets up $displayName',
	async (sender) => {
		const { provider } = sender;
		const choices = choicesFor(sender);
		const node = `${sender.displayName} Trigger`;
		// n8n chooses a credential that is there: the person makes another one.
		await n8n.createCredential(sender.credentialType, 'Other', sender.credentialData(newToken()));
		const workflowId = await editor.newWorkflow(node);
		await editor.openNodePanel();
		await editor.addNode(choices.words, sender.displayName, choices.trigger);
		await editor.screenshot(`new-${provider}`);

		const token = newToken();
		if (sender.nodeParameters.registration) await editor.choose('registration', 'Manual');
		await editor.newCredential();
		await editor.fillCredential(sender.credentialData('too-short'));
		expect(await editor.saveCredential()).toContain('is too short to be safe. Use 16 characters');
		await editor.screenshot(`credential-${provider}-refused`);
		await editor.fillCredential(sender.credentialData(token));
		expect(await editor.saveCredential()).toBe('');
		await editor.editCredential();
		await editor.expectCredentialTested();

		await editor.choose('events', choices.another);
		await editor.choose('outputMode', 'One Output per Event');
		for (const theme of ['dark', 'light'] as const) {
			await editor.theme(theme);
			await editor.screenshot(`trigger-${provider}-${theme}`);
		}
		const testUrl = (await editor.testUrl()).replace(PUBLIC_URL, n8n.url);
		await editor.closeNode();
		expect(await editor.outputNames(node)).toEqual(choices.outputs);
		await editor.screenshot(`canvas-${provider}`);

		await editor.openNode(node);
		await editor.listen();
		await editor.screenshot(`listening-${provider}`);
		const wrong = newToken();
		const refused = sender.delivery(choices.event, {}, testUrl, wrong);
		expect(await request(refused)).toMatchObject({ status: 500 });
		await editor.output
			.getByText(/^The token in the .* is not the one in the credential\.$/)
			.waitFor();
		await editor.output.getByText(/^Enter the same token in .* and in the credential\.$/).waitFor();
		await editor.screenshot(`refused-${provider}`);
		expect(await editor.page.content()).not.toContain(wrong);

		await editor.listen();
		await deliver(testUrl);
		expect(await editor.outputFields()).toEqual(
			expect.arrayContaining([
				['provider', provider],
				['event', choices.event],
			]),
		);
		await editor.output.getByText(`${choices.outputs[0]} Branch (1 item)`).waitFor();
		await editor.screenshot(`item-${provider}`);

		await editor.closeNode();
		await editor.publish();
		const live = testUrl.replace('/webhook-test/', '/webhook/');
		await n8n.webhookReady(live);
		await deliver(live);
		// The executions of the two test events, and this one's.
		await expectExecutions({ n8n, workflowId }, 3);
		await editor.openNode(node);
		await editor.screenshot(`published-${provider}`);

		async function deliver(url: string) {
			const payload = sender.sample(choices.event);
			const { status, json } = await request(sender.delivery(choices.event, payload, url, token));
			expect({ status, json }).toEqual({ status: 200, json: { received: true } });
		}
	},
);

it('Gen registers by itself', async () => {
	const gen = await startGen(n8n);
	try {
		await editor.newWorkflow('Gen by itself');
		await editor.openNodePanel();
		await editor.addNode('genpag', 'Gen', 'On payment created');

		const fields = {
			environment: 'Custom',
			baseUrl: gen.url,
			sellerId: gen.sellerId,
			refreshToken: 'not-the-one',
			webhookToken: newToken(),
		};
		await editor.newCredential();
		await editor.fillCredential(fields);
		expect(await editor.saveCredential()).toContain('Couldn’t connect with these settings');
		await editor.screenshot('credential-gen-automatic-refused');
		await editor.fillCredential({ refreshToken: gen.refreshToken });
		expect(await editor.saveCredential()).toBe('');
		await editor.screenshot('gen-automatic');

		const target = await editor.testUrl();
		await editor.listen();
		expect(gen.registrations).toMatchObject([
			{ target, events: ['PAYMENT.CREATED'], authorization: fields.webhookToken },
		]);
		const payment = objectAt(senderOf('gen').sample('PAYMENT.CREATED'), 'data');
		await gen.emit('PAYMENT.CREATED', payment);
		expect(await editor.outputFields()).toEqual(
			expect.arrayContaining([
				['event', 'PAYMENT.CREATED'],
				['id', payment.id],
			]),
		);
	} finally {
		await gen.stop();
	}
});
