-- Blanks everything that a document says, in every version of it.
-- Parameters
--   document   its number
UPDATE store.documents SET "key" = '', content = '', attached = NULL, attachment = NULL, reason = '' WHERE document = $document
