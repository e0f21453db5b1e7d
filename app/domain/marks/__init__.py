"""What is drawn on an image: values, figures, hits, undo and drafts."""
