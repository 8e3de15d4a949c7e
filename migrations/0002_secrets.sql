CREATE TABLE `secret_revisions` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`environment` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`projectId`, `environment`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `secrets` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`environment` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`projectId`, `environment`, `name`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `vault_checks` (
	`vaultKeyId` text PRIMARY KEY NOT NULL,
	`checkValue` text NOT NULL,
	`createdAt` integer NOT NULL,
	`remainingCount` integer
);
