-- Grain: one row per support ticket.
{{ union_sources('tickets', {
    'ticket_id': 'varchar',
    'source_system': 'varchar',
    'source_record_id': 'varchar',
    'order_id': 'varchar',
    'category': 'varchar',
    'contact_channel': 'varchar',
    'priority': 'varchar',
    'ticket_status': 'varchar',
    'satisfaction': 'integer',
    'opened_at': 'timestamp',
    'first_response_at': 'timestamp',
    'resolved_at': 'timestamp',
    'is_open': 'boolean',
}) }}
