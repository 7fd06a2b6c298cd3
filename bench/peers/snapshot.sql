-- The best single statement that builds the same JSON: rows in order, and the people in them. Their names lie open in a
-- table of the measurement, as a project keeps them that seals nothing.
WITH board AS MATERIALIZED (
    SELECT payload, sequence, (payload ->> 'patient_id')::bigint AS patient_id
    FROM dashboard_boardrow WHERE ward_id = %(ward)s AND NOT removed
)
SELECT json_build_object(
    'ward', (SELECT json_build_object('id', id, 'name', name) FROM accounts_ward WHERE id = %(ward)s),
    'sequence', (SELECT last_sequence FROM ledger_wardsequence WHERE ward_id = %(ward)s),
    'rows', (SELECT json_agg(payload ORDER BY sequence) FROM board),
    'people', (
        SELECT json_object_agg(id, json_build_object(
            'name', name, 'age_years', extract(year FROM age(birth_date))::int, 'bed', bed, 'pseudonym', pseudonym
        ))
        FROM open_person WHERE id IN (SELECT patient_id FROM board)
    ),
    'server_now', now(),
    'clock_speed', 1.0
)::text
