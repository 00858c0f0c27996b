import { chromium, type Browser } from 'playwright-core';
import { findProgram, type WantedProgram } from '../services/programs.mts';

const CHROMIUM: WantedProgram = {
	title: 'Chromium',
	variable: 'CHROMIUM_PATH',
	commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
	otherPlaces: () => [
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	],
	packages: ['chromium', 'fonts-liberation'],
	advice: 'the program of a Chromium or Chrome',
};

/**
 * The system's Chromium or Chrome. Where there is none, it is installed if this is Debian or Ubuntu and may be.
 * Throws one sentence on what to install otherwise.
 */
export async function findChromium(report?: (line: string) => void): Promise<string> {
	return await findProgram(CHROMIUM, report);
}

/** A headless browser. */
export async function openBrowser(report?: (line: string) => void): Promise<Browser> {
	const executablePath = await findChromium(report);
	// Chromium's sandbox refuses to run as root.
	return await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
