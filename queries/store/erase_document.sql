-- Blanks everything that a document says, in every version of it; why it was erased stays.
-- Parameters
--   document   its number
UPDATE store.documents SET "key" = '', content = '', attached = NULL, attachment = NULL,
  reason = CASE action WHEN 'erased' THEN reason ELSE '' END
WHERE document = $document
