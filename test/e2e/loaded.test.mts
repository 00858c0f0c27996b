import type { INodeProperties, INodeType } from 'n8n-workflow';
import { Gen } from '../../nodes/Gen/Gen.node';
import { GenEventLogTrigger } from '../../nodes/Gen/GenEventLogTrigger.node';
import { GenTrigger } from '../../nodes/Gen/GenTrigger.node';
import { GestaoOnline } from '../../nodes/GestaoOnline/GestaoOnline.node';
import { GestaoOnlineTrigger } from '../../nodes/GestaoOnline/GestaoOnlineTrigger.node';
import { GoatComTrigger } from '../../nodes/GoatCom/GoatComTrigger.node';
import { TroqueDevolvaTrigger } from '../../nodes/TroqueDevolva/TroqueDevolvaTrigger.node';
import type { N8nApi } from '../../testkit/n8n/api.mts';
import { request } from '../../testkit/n8n/http.mts';
import { connect } from '../../testkit/live/harness.mts';

const PACKAGE = 'n8n-nodes-brazil-commerce';

interface LoadedType {
	name: string;
	properties: INodeProperties[];
	iconUrl: { light: string; dark: string };
	[key: string]: unknown;
}

const nodes: INodeType[] = [
	new Gen(),
	new GenEventLogTrigger(),
	new GenTrigger(),
	new GestaoOnline(),
	new GestaoOnlineTrigger(),
	new GoatComTrigger(),
	new TroqueDevolvaTrigger(),
];

let n8n: N8nApi;
let nodeTypes: LoadedType[];
beforeAll(async () => {
	n8n = await connect();
	nodeTypes = (await n8n.getTypes('nodes')) as LoadedType[];
});

const loaded = (name: string) => nodeTypes.find((type) => type.name === `${PACKAGE}.${name}`);

async function expectIcons(iconUrl: LoadedType['iconUrl'] | undefined): Promise<void> {
	const pictures = new Set<string>();
	for (const path of [iconUrl?.light, iconUrl?.dark]) {
		const { status, headers, body } = await request({
			url: `${n8n.url}/${path}`,
			method: 'GET',
		});
		expect([path, status, headers['content-type']]).toEqual([
			path,
			200,
			expect.stringContaining('image/svg'),
		]);
		pictures.add(body);
	}
	expect(pictures.size).toBe(2);
}

/** What n8n would send to the editor of a description. */
const asJson = (value: unknown): Record<string, unknown> =>
	JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

describe.each(nodes.map(({ description }) => ({ ...description })))(
	'$name',
	({ icon: _icon, name, version, usableAsTool, properties, outputs, ...declared }) => {
		it('reaches the editor as the package declares it, with both icons', async () => {
			const type = loaded(name);
			expect(type).toMatchObject(asJson(declared));
			expect([type?.version].flat()).toEqual([version].flat());
			// The text of a function in it depends on the compiler.
			expect(typeof type?.outputs).toBe(typeof outputs);
			// n8n adds to the options of some.
			for (const { options: _options, ...property } of properties) {
				const found = type?.properties.filter((other) => other.name === property.name);
				expect(found).toContainEqual(expect.objectContaining(asJson(property)));
			}
			await expectIcons(type?.iconUrl);
		});

		it('is a tool for agents if it says so, and no trigger is', () => {
			expect(loaded(`${name}Tool`) !== undefined).toBe(usableAsTool === true);
		});
	},
);

it('every credential has both icons', async () => {
	const types = (await n8n.getTypes('credentials')) as LoadedType[];
	const own = types.filter(({ name }) =>
		/^(gestaoOnline|goatCom|troqueDevolva|gen)(Webhook)?Api$/.test(name),
	);
	expect(own).toHaveLength(6);
	for (const { iconUrl } of own) await expectIcons(iconUrl);
});
