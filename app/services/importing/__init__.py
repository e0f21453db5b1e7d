"""How files come into the worklist: opened, or watched for."""
