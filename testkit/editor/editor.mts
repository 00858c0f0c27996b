/// <reference lib="dom" />
import { join } from 'node:path';
import { selectors, type Browser, type Locator, type Page } from 'playwright-core';
import { openBrowser } from './chromium.mts';
import type { N8nApi } from '../n8n/api.mts';
import { repositoryRoot } from '../n8n/paths.mts';

selectors.setTestIdAttribute('data-test-id');

// The machine that runs the browser runs n8n too.
const TIMEOUT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };
/** Around the nodes of a picture, whose names stand below them. */
const CANVAS_MARGIN = 40;

/** What n8n would explain in bubbles over the page, and no longer does. */
const SEEN = ['N8N_PIN_DATA_DISCOVERY_NDV', 'N8N_PIN_DATA_DISCOVERY_CANVAS'];

/** n8n's editor in a browser, with its owner signed in. */
export class Editor {
	private constructor(
		readonly n8n: N8nApi,
		readonly page: Page,
		private readonly browser: Browser,
		private readonly pictures: string,
	) {}

	/**
	 * Opens a browser with the session of an API that is signed in.
	 * @param pictures the folder of this repository for screenshots
	 */
	static async open(n8n: N8nApi, pictures = 'artifacts/browser'): Promise<Editor> {
		const browser = await openBrowser(console.log);
		const page = await browser.newPage({
			viewport: VIEWPORT,
			colorScheme: 'light',
			reducedMotion: 'reduce',
			locale: 'en-US',
		});
		page.setDefaultTimeout(TIMEOUT_MS);
		const { cookie, browserId } = n8n.session;
		const [name = '', value = ''] = cookie.split('=');
		await page.context().addCookies([{ name, value, url: n8n.url }]);
		const stored = [['n8n-browserId', browserId], ...SEEN.map((key) => [key, 'true'])];
		await page.addInitScript((entries) => {
			for (const [key = '', text = ''] of entries) localStorage.setItem(key, text);
		}, stored);
		return new Editor(n8n, page, browser, join(repositoryRoot, pictures));
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** n8n follows the system's theme at once. */
	async theme(colorScheme: 'light' | 'dark'): Promise<void> {
		await this.page.emulateMedia({ colorScheme });
	}

	async screenshot(name: string): Promise<void> {
		await this.closeMessages();
		await this.page.screenshot({
			path: join(this.pictures, `${name}.png`),
			animations: 'disabled',
			caret: 'hide',
		});
	}

	/** A picture of the workflow on the canvas, without anything around it. */
	async canvasScreenshot(name: string): Promise<void> {
		const { page } = this;
		await this.closeMessages();
		await page.setViewportSize({ width: 1800, height: 900 });
		// n8n's key for "Fit to view".
		await page.keyboard.press('1');
		await page.addStyleTag({
			content: 'body { visibility: hidden } .vue-flow__viewport { visibility: visible }',
		});
		await page.waitForTimeout(1_000);
		const boxes = await page.locator('.vue-flow__node').evaluateAll((nodes) =>
			nodes.map((node) => {
				const { left, top, right, bottom } = node.getBoundingClientRect();
				return { left, top, right, bottom };
			}),
		);
		const x = Math.min(...boxes.map(({ left }) => left)) - CANVAS_MARGIN;
		const y = Math.min(...boxes.map(({ top }) => top)) - CANVAS_MARGIN;
		const width = Math.max(...boxes.map(({ right }) => right)) + CANVAS_MARGIN - x;
		const height = Math.max(...boxes.map(({ bottom }) => bottom)) + 2 * CANVAS_MARGIN - y;
		await page.screenshot({
			path: join(this.pictures, `${name}.png`),
			animations: 'disabled',
			clip: { x, y, width, height },
		});
	}

	/** The messages in the corner, which cover what is below. */
	get messages(): Locator {
		return this.page.locator('.el-notification');
	}

	private async closeMessages(): Promise<void> {
		for (const button of await this.messages.locator('.el-notification__closeBtn').all()) {
			// It may have gone by itself.
			await button.click({ timeout: 2000 }).catch(() => undefined);
		}
		await this.page.mouse.move(0, 0);
	}

	// Canvas

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${id}`);
		const { canvas } = this;
		await canvas.getByTestId('canvas-add-button').or(this.nodes).first().waitFor();
	}

	/** Opens a new workflow without nodes. Resolves with its id. */
	async newWorkflow(name: string): Promise<string> {
		const { id } = await this.n8n.createWorkflow({ name, nodes: [], connections: {} });
		await this.openWorkflow(id);
		return id;
	}

	get canvas(): Locator {
		return this.page.getByTestId('canvas');
	}

	get nodes(): Locator {
		return this.canvas.getByTestId('canvas-node');
	}

	node(name: string): Locator {
		return this.nodes.filter({ has: this.page.getByText(name, { exact: true }) });
	}

	async openNode(name: string): Promise<void> {
		await this.node(name)
			.getByTestId(/^canvas-(trigger|default)-node$/)
			.dblclick();
		await this.panel.waitFor();
	}

	/** The names at a node's outputs, as far as the canvas shows them. */
	async outputNames(node: string): Promise<string[]> {
		const handles = this.node(node).getByTestId('canvas-node-output-handle');
		await handles.first().waitFor();
		return await handles.evaluateAll((elements) =>
			elements.map((handle) => {
				const label = Array.from(handle.querySelectorAll('*')).find(
					({ children, textContent }) => children.length === 0 && textContent?.trim(),
				);
				const isCut = label && label.scrollWidth > label.clientWidth;
				return `${label?.textContent?.trim() ?? ''}${isCut ? '…' : ''}`;
			}),
		);
	}

	/** Runs the workflow from a trigger. Resolves with n8n's message about it. */
	async run(trigger: string): Promise<string> {
		const node = this.node(trigger);
		await node.hover();
		await node.getByRole('button', { name: 'Execute workflow' }).click();
		const message = this.messages.filter({ hasText: /execut|problem|error/i }).first();
		await message.waitFor();
		return await message.innerText();
	}

	async publish(): Promise<void> {
		const { page } = this;
		await page.getByTestId('workflow-open-publish-modal-button').click();
		await page.getByTestId('workflow-publish-button').click();
		await page.getByRole('button', { name: 'Got it' }).click();
	}

	// Node panel

	async openNodePanel(): Promise<void> {
		const { page } = this;
		const first = page.getByTestId('canvas-plus-button');
		await first.or(page.getByTestId('node-creator-plus-button')).first().click();
		await page.getByTestId('node-creator-search-bar').waitFor();
	}

	private get results(): Locator {
		return this.page.getByTestId('node-creator').getByTestId('item-iterator-item');
	}

	private entry(name: string): Locator {
		return this.results.filter({
			has: this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true }),
		});
	}

	/**
	 * Looks for words in the open node panel. Resolves with the entry's place among the results, from 0, and the address
	 * of its icon. Throws where the entry is not among them.
	 */
	async find(words: string, name: string): Promise<{ place: number; icon: string }> {
		const search = this.page.getByTestId('node-creator-search-bar');
		const entry = this.entry(name);
		// The results of another search must not pass for this one's.
		await search.fill('');
		await entry.waitFor({ state: 'detached' });
		await search.fill(words);
		const names = this.results.getByTestId('node-creator-item-name');
		await entry.waitFor().catch(async () => {
			const found = (await names.allInnerTexts()).slice(0, 10).join(', ') || 'nothing';
			throw new Error(`"${words}" does not find ${name} in the node panel, but ${found}.`);
		});
		const place = (await names.allInnerTexts()).indexOf(name);
		const image = entry.locator('img').first();
		const icon = await image.evaluate(async (element) => {
			if (!(element instanceof HTMLImageElement)) return '';
			await element.decode();
			return element.src;
		});
		return { place, icon };
	}

	/** Adds a node from the open panel, with one of its triggers or actions. Opens its parameters. */
	async addNode(words: string, name: string, choice: string): Promise<void> {
		await this.find(words, name);
		await this.entry(name).click();
		await this.page.getByTestId('node-creator').getByText('Node details').waitFor();
		await this.entry(choice).click();
		await this.panel.waitFor();
	}

	// Parameters of the open node

	get panel(): Locator {
		return this.page.getByTestId('ndv');
	}

	get output(): Locator {
		return this.panel.getByTestId('output-panel');
	}

	get input(): Locator {
		return this.panel.getByTestId('ndv-input-panel');
	}

	async closeNode(): Promise<void> {
		await this.panel.getByTestId('ndv-close-button').click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	parameter(name: string): Locator {
		return this.panel.getByTestId(`parameter-input-${name}`);
	}

	/** The choices of a list that is not open yet. */
	async options(name: string): Promise<Array<{ name: string; description: string }>> {
		await this.parameter(name).click();
		const options = this.shownOptions;
		await options.first().waitFor();
		const texts = await options.allInnerTexts();
		await this.page.keyboard.press('Escape');
		return texts.map((text) => {
			const [option = '', description = ''] = text.split('\n');
			return { name: option, description };
		});
	}

	private get shownOptions(): Locator {
		return this.page.getByRole('option').filter({ visible: true });
	}

	/** Clicks a choice of a list, in the open node unless a field is given; where several are chosen, that toggles it. */
	async choose(name: string, choice: string | RegExp, field = this.parameter(name)): Promise<void> {
		await field.click();
		await this.shownOptions.filter({ has: this.page.getByText(choice, { exact: true }) }).click();
		// A list of several choices stays open.
		await this.page.keyboard.press('Tab');
		await this.shownOptions.first().waitFor({ state: 'hidden' });
	}

	/** The URL for tests, as the node shows it. */
	async testUrl(): Promise<string> {
		const parameters = this.panel.getByTestId('node-parameters');
		const url = parameters.getByText(/^https?:\S+$/);
		const title = parameters.getByText('Webhook URLs');
		await title.waitFor();
		if (!(await url.isVisible())) await title.click();
		return (await url.innerText()).trim();
	}

	/** Listens for a test event. Resolves when n8n does. */
	async listen(): Promise<void> {
		await this.panel.getByTestId('node-execute-button').click();
		await this.panel.getByTestId('trigger-listening').waitFor();
	}

	/** The fields of the one item in the output panel: a name and its value each, as shown. */
	async outputFields(): Promise<Array<[string, string]>> {
		await this.output.getByTestId('node-run-status-success').waitFor();
		await this.output.getByTestId('radio-button-schema').click();
		return await this.fields(this.output);
	}

	/** The fields that a panel shows in its list, with their values. */
	async fields(pane: Locator): Promise<Array<[string, string]>> {
		const items = pane.getByTestId('run-data-schema-item');
		await items.first().waitFor();
		return (await items.allInnerTexts()).map((text) => {
			const [name = '', ...value] = text.split('\n').map((line) => line.trim());
			return [name, value.join('\n')];
		});
	}

	/** Drags a field of the input panel, by its path, to a place. */
	async drag(path: string, place: Locator): Promise<void> {
		const { mouse } = this.page;
		await this.input.locator(`[data-target="mappable"][data-path="${path}"]`).hover();
		await mouse.down();
		const box = await place.boundingBox();
		if (!box) throw new Error('The place to drop the field at is not visible.');
		await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 });
		await mouse.up();
	}

	// Credentials

	get credential(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}

	/** Opens the form for a new credential of the open node, whatever credentials there are already. */
	async newCredential(): Promise<void> {
		const first = this.panel.getByTestId('node-credentials-empty-state').getByRole('button');
		const select = this.panel.getByTestId('node-credentials-select').first();
		await first.or(select).click();
		const another = this.page.getByTestId('node-credentials-select-item-new');
		await another.or(this.credential).first().waitFor();
		if (!(await this.credential.isVisible())) await another.click();
		// n8n fetches a name for it, and refuses to save it without one.
		await this.credential.getByTestId('credential-name').filter({ hasText: /\S/ }).waitFor();
	}

	/** Opens the credential that the open node has. */
	async editCredential(): Promise<void> {
		await this.panel.getByTestId('credential-edit-button').click();
		await this.credential.waitFor();
	}

	/** Fills the open form's fields. In a list, a choice's value has to be its name, whatever the case. */
	async fillCredential(fields: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(fields)) {
			const field = this.credential.getByTestId(`parameter-input-${name}`);
			await field.waitFor();
			if (await field.getByRole('combobox').isVisible()) {
				await this.choose(name, new RegExp(`^${value}$`, 'i'), field);
			} else await field.locator('input').fill(value);
		}
	}

	/** Saves the open form, which n8n then tests. Resolves with '' where that succeeds, else with what the form shows. */
	async saveCredential(): Promise<string> {
		const { credential, page } = this;
		const [tested] = await Promise.all([
			page.waitForResponse((response) => response.url().endsWith('/rest/credentials/test')),
			credential.getByTestId('credential-save-button').click(),
		]);
		if ((await tested.text()).includes('"status":"OK"')) {
			await credential.waitFor({ state: 'hidden' });
			return '';
		}
		await credential.getByText('More details').click();
		return await credential.getByTestId('node-credentials-config-container').innerText();
	}

	/** Closes the open form after n8n has tested what it holds. */
	async expectCredentialTested(): Promise<void> {
		const { credential } = this;
		await credential.getByText('Connection tested successfully').waitFor();
		await credential.getByRole('button', { name: 'Close' }).click();
		await credential.waitFor({ state: 'hidden' });
	}
}
