/** What `@n8n/scan-community-package` exports without types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export const SOURCE_FILE_PATTERNS: string[];
	/** Lints a folder as n8n's scanner does. `details` is ESLint's report, absent where it found nothing. */
	export function analyzePackage(
		folder: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
