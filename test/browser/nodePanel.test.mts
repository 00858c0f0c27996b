import { connect } from '../../testkit/live/harness.mts';
import { senders } from '../../testkit/providers/senders.mts';
import { Editor } from '../../testkit/editor/editor.mts';

/** A person looks at the first results only. */
const PLACES = 5;

let editor: Editor;

beforeAll(async () => {
	editor = await Editor.open(await connect());
});
afterAll(async () => {
	await editor.close();
});

/** n8n shows a trigger and an action of one name as one entry, and leaves the word Trigger out. */
const WORDS: Array<[entry: string, icon: string, ...words: string[]]> = [
	...senders.map((sender): [string, string, ...string[]] => [
		sender.displayName,
		sender.provider,
		sender.displayName,
		...sender.searchWords,
	]),
	['Gen Event Log', 'gen', 'event log', 'genpag'],
];

describe('the panel of the first step', () => {
	beforeAll(async () => {
		await editor.newWorkflow('Node panel');
		await editor.openNodePanel();
	});

	it.each(WORDS)('finds %s among the first', async (entry, _icon, ...words) => {
		for (const word of words) {
			const { place } = await editor.find(word, entry);
			expect({ word, isAmongFirst: place < PLACES }).toEqual({ word, isAmongFirst: true });
		}
	});

	it.each(WORDS)('shows %s with its own icon, light and dark', async (entry, icon) => {
		const picture = `panel-${entry.normalize('NFD').replace(/\W+/g, '')}`;
		const light = await editor.find(entry, entry);
		expect(light.icon).toMatch(new RegExp(`/${icon}\\.svg$`));
		await editor.screenshot(picture);
		await editor.theme('dark');
		const dark = await editor.find(entry, entry);
		expect(dark.icon).toMatch(new RegExp(`/${icon}\\.dark\\.svg$`));
		await editor.screenshot(`${picture}-dark`);
		await editor.theme('light');
	});
});

it.each([
	['gestao', 'Gestão Online', ['Cancel an order', 'Create an order', 'Get an order']],
	['genpag', 'Gen', ['Create a payment', 'Refund a PIX payment', 'Get many events']],
])('a further step offers the actions of "%s"', async (words, entry, actions) => {
	await editor.openWorkflow(await workflowWithStart());
	await editor.openNodePanel();
	const offered = await editor.choices(words, entry);
	expect(offered).toEqual(expect.arrayContaining(actions));
	await editor.screenshot(`panel-actions-${words}`);
});

async function workflowWithStart(): Promise<string> {
	const { id } = await editor.n8n.createWorkflow({
		name: 'Actions',
		nodes: [{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 }],
		connections: {},
	});
	return id;
}
